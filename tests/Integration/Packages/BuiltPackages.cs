using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>The packages, made by their scripts for the tests of this folder.</summary>
[SetUpFixture]
public sealed class BuiltPackages
{
    private static TemporaryDirectory? _directory;

    internal static string Deb { get; private set; } = "";

    internal static string Rpm { get; private set; } = "";

    [OneTimeSetUp]
    public static void Build()
    {
        _directory = new TemporaryDirectory("packages");
        // The build first, that the two do not both begin one.
        ChildProcess.Run(Path.Combine(Repository.Root, "packaging", "build.sh"));
        Parallel.Invoke(() => Deb = Make("deb", _directory.Path), () => Rpm = Make("rpm", _directory.Path));
    }

    [OneTimeTearDown]
    public static void Delete() => _directory?.Dispose();

    /// <summary>Makes a package.</summary>
    /// <param name="kind">deb or rpm.</param>
    /// <param name="directory">Where to.</param>
    /// <returns>Its path.</returns>
    internal static string Make(string kind, string directory)
    {
        ChildProcess.Run(Path.Combine(Repository.Root, "packaging", $"{kind}.sh"), directory);
        return Directory.GetFiles(directory, $"*.{kind}").Single();
    }

    /// <summary>A copy of the .deb with a later version, and with what else is changed in it.</summary>
    /// <param name="directory">A directory for it that is empty.</param>
    /// <param name="change">Changes the unpacked package.</param>
    internal static string MakeLaterDeb(string directory, Action<string> change)
    {
        var unpacked = Path.Combine(directory, "unpacked");
        ChildProcess.Run("dpkg-deb", "--raw-extract", Deb, unpacked);
        var control = Path.Combine(unpacked, "DEBIAN", "control");
        File.WriteAllText(control, File.ReadAllText(control).Replace("\nVersion: ", "\nVersion: 9:", StringComparison.Ordinal));
        change(unpacked);
        var package = Path.Combine(directory, "later.deb");
        ChildProcess.Run("dpkg-deb", "--root-owner-group", "-Znone", "--build", unpacked, package);
        return package;
    }
}
