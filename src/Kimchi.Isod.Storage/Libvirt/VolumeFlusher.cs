using System.Runtime.InteropServices;
using Kimchi.Isod.Core.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Makes volumes durable with fsync(2) where they are files or devices of this machine: libvirt never syncs.</summary>
/// <param name="isLocal">Whether libvirt is on this machine.</param>
/// <param name="logger">The log.</param>
internal sealed partial class VolumeFlusher(bool isLocal, ILogger logger)
{
    private const uint SyncFileRangeWrite = 2;

    private int _isWarned;

    /// <summary>Flushes a volume. Blocks. One that cannot be opened is left to the kernel, which is told once.</summary>
    /// <exception cref="DownloadException">The disk failed (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public void Flush(string path)
    {
        if (!isLocal) return;
        using var file = Open(path);
        if (file is null) return;
        try
        {
            RandomAccess.FlushToDisk(file);
        }
        catch (IOException e)
        {
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, $"the disk failed to store {path}: {e.Message}", e);
        }
    }

    /// <summary>Has the kernel write out what it holds of a volume. Blocks while the disk's queue is full, but does not wait for the disk.
    /// Errors are left to <see cref="Flush"/>, which the kernel tells them too.</summary>
    public void WriteOut(string path)
    {
        if (!isLocal) return;
        using var file = Open(path);
        if (file is not null) _ = SyncFileRange(file, 0, 0, SyncFileRangeWrite);
    }

    // sync_file_range(2): of the whole file.
    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    private SafeFileHandle? Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Interlocked.Exchange(ref _isWarned, 1) == 0) logger.CannotFlush(path, e.Message);
            return null;
        }
    }
}
