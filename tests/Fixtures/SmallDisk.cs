namespace Kimchi.Isod.Fixtures;

/// <summary>A disk of a few MiB: a tmpfs of the test's own, which fills up as a real one does.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly TemporaryDirectory _directory = new("disk");

    /// <summary>Mounts it.</summary>
    /// <param name="mebibytes">Its size.</param>
    public SmallDisk(int mebibytes) =>
        ChildProcess.Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "isod-test", _directory.Path);

    /// <summary>Where it is mounted.</summary>
    public string Path => _directory.Path;

    /// <summary>Unmounts it.</summary>
    public void Dispose()
    {
        ChildProcess.Run("umount", "--lazy", _directory.Path);
        _directory.Dispose();
    }
}
