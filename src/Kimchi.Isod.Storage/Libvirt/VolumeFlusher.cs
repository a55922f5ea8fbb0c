using Kimchi.Isod.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Makes volumes durable with fsync(2) where they are files or devices of this machine: libvirt never syncs.</summary>
/// <param name="isLocal">Whether libvirt is on this machine.</param>
/// <param name="logger">The log.</param>
internal sealed class VolumeFlusher(bool isLocal, ILogger logger)
{
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

    private Microsoft.Win32.SafeHandles.SafeFileHandle? Open(string path)
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
