namespace Kimchi.Isod.Fixtures.Storage;

/// <summary>Tools that a libvirtd of the test's own finds in /usr/sbin, over and beside the machine's.</summary>
public sealed class SystemTools : IDisposable
{
    private readonly TemporaryDirectory _directory = new("tools");

    /// <summary>The directory that is laid over /usr/sbin.</summary>
    public string Path => _directory.Make("sbin");

    /// <summary>Where the tools keep what they need.</summary>
    public string State => _directory.Make("state");

    /// <summary>Adds a tool from beside this file.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="names">What it is called.</param>
    public void Add(string file, params IEnumerable<string> names)
    {
        var source = System.IO.Path.Combine(Repository.Root, "tests", "Fixtures", "Storage", file);
        foreach (var name in names)
        {
            var target = System.IO.Path.Combine(Path, name);
            File.WriteAllText(target, File.ReadAllText(source).Replace("@STATE@", State, StringComparison.Ordinal));
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Deletes them.</summary>
    public void Dispose() => _directory.Dispose();
}
