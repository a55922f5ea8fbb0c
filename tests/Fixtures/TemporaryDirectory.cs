namespace Kimchi.Isod.Fixtures;

/// <summary>A directory of a test's own, gone when it ends. Its path is short, since socket paths have 107 bytes at most.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    /// <summary>Makes it below /tmp.</summary>
    public TemporaryDirectory(string prefix) => Path = Directory.CreateTempSubdirectory($"isod-{prefix}-").FullName;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Makes a directory in it.</summary>
    public string Make(string name) => Directory.CreateDirectory(this[name]).FullName;

    /// <summary>Deletes it with all that is in it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
