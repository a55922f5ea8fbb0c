using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kimchi.Isod.Fixtures;

/// <summary>A disk with an ext4 of the test's own, which can be cut off as by a loss of power, and mounted again.</summary>
public sealed partial class CutDisk : IDisposable
{
    private const uint ShutDown = 0x8004587d; // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32)
    private const uint NoLogFlush = 2; // EXT4_GOING_FLAGS_NOLOGFLUSH

    private readonly TemporaryDirectory _directory = new("cut");

    /// <summary>Makes and mounts it.</summary>
    /// <param name="mebibytes">Its size.</param>
    public CutDisk(int mebibytes)
    {
        // Shared: what is mounted and unmounted below it is so in the mount namespaces of libvirtd and the daemon too.
        ChildProcess.Run("mount", "--bind", "--make-shared", _directory.Path, _directory.Path);
        using (var file = File.Create(Image)) file.SetLength((long)mebibytes << 20);
        ChildProcess.Run("mkfs.ext4", "-q", "-F", Image);
        Path = _directory.Make("mounted");
        Mount();
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Image => _directory["image"];

    /// <summary>Cuts it off: what is not on the disk is lost. Nobody may have a file of it open.</summary>
    public void CutAndMountAgain()
    {
        using (var root = Open(Path, flags: 0))
        {
            if (root.IsInvalid || Control(root, ShutDown, NoLogFlush) != 0)
                throw new IOException($"EXT4_IOC_SHUTDOWN: errno {Marshal.GetLastPInvokeError()}");
        }

        ChildProcess.Run("umount", Path);
        Mount();
    }

    /// <summary>Unmounts it and deletes it.</summary>
    public void Dispose()
    {
        ChildProcess.Run("umount", "--lazy", "--recursive", _directory.Path);
        _directory.Dispose();
    }

    private void Mount() => ChildProcess.Run("mount", "-o", "loop", Image, Path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, in uint argument);
}
