namespace Kimchi.Isod.Fixtures;

/// <summary>A disk of a few MiB: a tmpfs of the test's own, which fills up as a real one does.</summary>
public sealed class SmallDisk : IDisposable
{
    private const string Filler = "filler";

    private readonly TemporaryDirectory _directory = new("disk");

    /// <summary>Mounts it.</summary>
    /// <param name="mebibytes">Its size.</param>
    public SmallDisk(int mebibytes) =>
        ChildProcess.Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "isod-test", _directory.Path);

    /// <summary>Where it is mounted.</summary>
    public string Path => _directory.Path;

    /// <summary>Takes its free space, as other users of a disk do.</summary>
    /// <param name="leave">Bytes that stay free.</param>
    public void Fill(long leave = 0)
    {
        using var file = File.Create(System.IO.Path.Combine(Path, Filler));
        var block = new byte[4096];
        var left = new DriveInfo(Path).AvailableFreeSpace - leave;
        try
        {
            for (; left > 0; left -= block.Length) file.Write(block);
            file.Flush();
        }
        catch (IOException) when (leave == 0)
        {
            // Full: others write to it as well.
        }
    }

    /// <summary>Gives the space back that <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(System.IO.Path.Combine(Path, Filler));

    /// <summary>Mounts it again with other options, such as <c>ro</c>, for everybody who sees it.</summary>
    /// <returns>Whether it could be: it cannot become read-only while a file is open for writing.</returns>
    public bool TryRemount(string options) => ChildProcess.TryRun("mount", "-o", $"remount,{options}", Path).Code == 0;

    /// <summary>Unmounts it.</summary>
    public void Dispose()
    {
        ChildProcess.Run("umount", "--lazy", _directory.Path);
        _directory.Dispose();
    }
}
