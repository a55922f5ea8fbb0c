using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kimchi.Isod.Fixtures;

/// <summary>
/// A disk of the test's own, ext4 on a loop device, of which copies can be taken as a power failure would leave it: what is in the
/// page cache, and was never written back, is not in them.
/// </summary>
public sealed partial class LoopDisk : IDisposable
{
    private const int CopyTries = 20;
    private const uint WriteNow = 1 | 2 | 4; // SYNC_FILE_RANGE_WAIT_BEFORE, _WRITE, _WAIT_AFTER

    private readonly TemporaryDirectory _directory = new("loop");

    /// <summary>Makes and mounts it. Only those see it who start later, or share the test's mounts.</summary>
    /// <param name="mebibytes">Its size.</param>
    public LoopDisk(int mebibytes)
    {
        using (var file = File.Create(Backing)) file.SetLength((long)mebibytes << 20);
        ChildProcess.Run("mkfs.ext4", "-q", "-F", "-J", "size=4", Backing);
        Path = _directory.Make("mnt");
        ChildProcess.Run("mount", "-o", "loop", Backing, Path);
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    private string Backing => _directory["backing"];

    /// <summary>Writes a part of a file to the disk now and nothing else, as the kernel may do at any time.</summary>
    public static void WriteBack(string path, long offset, long length)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (SyncFileRange(file, offset, length, WriteNow) != 0)
            throw new IOException($"sync_file_range: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Makes the file system commit its journal, as any fsync(2) of anybody does.</summary>
    public void CommitJournal()
    {
        var path = System.IO.Path.Combine(Path, "somebody-elses");
        using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write);
        RandomAccess.Write(file, BitConverter.GetBytes(Environment.TickCount64), 0);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>Plays a power failure: copies the files out that somebody finds who mounts the disk after it.</summary>
    /// <param name="target">A directory that exists.</param>
    public void LosePower(string target)
    {
        var copy = CopyAtOneMoment();
        try
        {
            var mount = _directory.Make("after");
            // In a mount namespace of its own, so that nobody else keeps the copy mounted. Mounting replays the journal.
            ChildProcess.Run(
                "unshare", "--mount", "--propagation", "slave", "sh", "-ec",
                "mount -o loop \"$1\" \"$2\"; cp -a --sparse=always \"$2/.\" \"$3\"; umount \"$2\"", "sh", copy, mount, target);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Unmounts it.</summary>
    public void Dispose()
    {
        ChildProcess.Run("umount", "--lazy", Path);
        _directory.Dispose();
    }

    // A copy takes time. Two that are equal show what the disk held at the moment between them.
    private string CopyAtOneMoment()
    {
        var (one, other) = (_directory["copy"], _directory["copy2"]);
        for (var i = 0; i < CopyTries; i++)
        {
            ChildProcess.Run("cp", "--sparse=always", Backing, one);
            ChildProcess.Run("cp", "--sparse=always", Backing, other);
            if (TestFiles.FindDifference(one, other) is not null) continue;
            File.Delete(other);
            return one;
        }

        throw new TimeoutException("the disk is never at rest; suspend who writes to it");
    }

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
