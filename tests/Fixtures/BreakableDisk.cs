namespace Kimchi.Isod.Fixtures;

/// <summary>A disk with an ext4 of the test's own, which can meet an error: from then on it is read-only, also for files that are open.</summary>
public sealed class BreakableDisk : IDisposable
{
    private readonly TemporaryDirectory _directory = new("breakable");
    private readonly string _image;
    private bool _isMounted;

    private BreakableDisk()
    {
        // Shared: what is unmounted below it goes from the mount namespaces of other tests too (they are slaves), which would keep it broken.
        ChildProcess.Run("mount", "--bind", "--make-shared", _directory.Path, _directory.Path);
        _image = _directory["image"];
        using (var file = File.Create(_image)) file.SetLength(16 << 20);
        Path = _directory.Make("mounted");
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    /// <summary>Makes and mounts it.</summary>
    /// <returns>Null where the machine has no loop device, or a kernel that breaks nothing on demand.</returns>
    public static BreakableDisk? TryMount()
    {
        var disk = new BreakableDisk();
        ChildProcess.Run("mkfs.ext4", "-q", disk._image);
        disk._isMounted = disk.TryMountImage();
        if (disk._isMounted && File.Exists(disk.Trigger)) return disk;
        disk.Dispose();
        return null;
    }

    /// <summary>Lets it meet an error.</summary>
    public void Break() => File.WriteAllText(Trigger, "1");

    /// <summary>Repairs it, and waits until it can be written again. Nobody may have a file of it open.</summary>
    /// <exception cref="InvalidOperationException">It cannot be repaired.</exception>
    public void Repair()
    {
        var trigger = Trigger;
        Unmount();
        // The kernel lets the broken file system go a moment later, and until then mount(8) would find it on its loop device, and give it back.
        Patience.Until(() => !File.Exists(trigger), () => $"{trigger} is still there: the file system is mounted in another namespace");
        var (code, output) = ChildProcess.TryRun("e2fsck", "-f", "-y", _image);
        if (code > 1) throw new InvalidOperationException($"e2fsck ended with {code}: {output}");
        _isMounted = TryMountImage();
        if (!CanBeWritten) throw new InvalidOperationException($"it is still broken: {ChildProcess.Run("findmnt", Path)}");
    }

    /// <summary>Unmounts it and deletes it.</summary>
    public void Dispose()
    {
        ChildProcess.Run("umount", "--lazy", "--recursive", _directory.Path);
        _directory.Dispose();
    }

    private bool CanBeWritten => ChildProcess.TryRun("touch", System.IO.Path.Combine(Path, "writable")).Code == 0;

    // Documentation/ABI/testing/sysfs-fs-ext4.
    private string Trigger =>
        $"/sys/fs/ext4/{System.IO.Path.GetFileName(ChildProcess.Run("findmnt", "-n", "-o", "SOURCE", Path).Trim())}/trigger_fs_error";

    private bool TryMountImage() => ChildProcess.TryRun("mount", "-o", "loop,errors=remount-ro", _image, Path).Code == 0;

    private void Unmount()
    {
        ChildProcess.Run("umount", Path);
        _isMounted = false;
    }
}
