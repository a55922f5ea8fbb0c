using System.Globalization;
using System.Runtime.InteropServices;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Win32.SafeHandles;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>The file or the device of a volume, opened by this process itself: libvirt has no call that makes a volume durable.</summary>
internal sealed partial class LocalFile : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const uint SyncFileRangeWrite = 2;

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private WriterWatch? _watch;
    private bool _isWatchTried;

    private LocalFile(SafeFileHandle handle, string path, FileSystemKind fileSystem, VolumeFile description)
    {
        _handle = handle;
        _path = path;
        FileSystem = fileSystem;
        Description = description;
    }

    /// <summary>What it is on.</summary>
    public FileSystemKind FileSystem { get; }

    /// <summary>Which file it is.</summary>
    public VolumeFile Description { get; }

    /// <summary>Opens a file that begins with these bytes.</summary>
    /// <returns>Null where there is none at that path, as this process sees it.</returns>
    public static LocalFile? Find(string path, ReadOnlySpan<byte> start)
    {
        if (Open(path) is not { } handle) return null;
        if (start.Length > 0 && Holds(handle, start) && FileStatus.Read(handle) is { } status)
        {
            var identity = string.Create(
                CultureInfo.InvariantCulture, $"{status.FileSystemId:x16}-{status.Device:x}-{status.Inode:x}-{status.Generation:x}-{status.BirthNanoseconds:x}");
            var mount = string.Create(CultureInfo.InvariantCulture, $"mount {status.MountId} of {status.FileSystemId:x16}");
            return new LocalFile(handle, path, FileSystems.Judge(status.FileSystemType), new VolumeFile(identity, mount));
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Makes all that was written durable: fsync(2).</summary>
    /// <exception cref="DownloadException">The disk failed (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException e)
        {
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, $"the disk failed to store {_path}: {e.Message}", e);
        }
    }

    /// <summary>Has the kernel write out what it holds of the file. Blocks while the disk's queue is full, but does not wait for the disk.
    /// Errors are left to <see cref="Flush"/>, which the kernel tells them too.</summary>
    public void WriteOut()
    {
        try
        {
            _ = SyncFileRange(_handle, 0, 0, SyncFileRangeWrite);
        }
        catch (ObjectDisposedException)
        {
            // The volume was closed meanwhile.
        }
    }

    /// <summary>Tells of writes to it; writers are counted from the first call on.</summary>
    public VolumeActivity Observe()
    {
        if (!_isWatchTried) _watch = WriterWatch.TryStart(_handle);
        _isWatchTried = true;
        // First the stamp: a write that comes after it is one whose end is yet to be counted, now or the next time.
        var stamp = FileStatus.Read(_handle) is { Device: 0 } status
            ? FileStamp.Of(status.ChangedNanoseconds, status.ModifiedNanoseconds, status.Size)
            : null; // udev sets the times of a device's node whenever somebody has written to the device.
        return new VolumeActivity(stamp, _watch?.Count() ?? 0, _watch is not null);
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        _watch?.Dispose();
        _handle.Dispose();
    }

    // Not File.OpenHandle: that takes a lock (flock(2)) which other programs could meet, and waits for ever for the writer of a FIFO.
    private static SafeFileHandle? Open(string path)
    {
        var handle = OpenReadOnly(path, CloseOnExec | NonBlocking);
        if (!handle.IsInvalid) return handle;
        handle.Dispose();
        return null;
    }

    private static bool Holds(SafeFileHandle handle, ReadOnlySpan<byte> start)
    {
        var found = new byte[start.Length];
        try
        {
            return RandomAccess.Read(handle, found, 0) == found.Length && start.SequenceEqual(found);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenReadOnly(string path, int flags);

    // sync_file_range(2): of the whole file.
    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);
}
