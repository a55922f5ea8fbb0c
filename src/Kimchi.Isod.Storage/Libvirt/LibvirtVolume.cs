using System.Buffers;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using LibvirtSharp;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>A volume of libvirt's with a connection of its own, so that no other call waits for its data.</summary>
internal sealed class LibvirtVolume : IVolume
{
    private const int ReadSize = 256 * 1024;

    private readonly LibvirtConnection _connection;
    private readonly StorageVolume _volume;
    private readonly VolumeFlusher _flusher;
    private Task _flushing = Task.CompletedTask;

    private LibvirtVolume(LibvirtConnection connection, StorageVolume volume, VolumeFlusher flusher)
    {
        _connection = connection;
        _flusher = flusher;
        _volume = volume;
        IsZeroed = volume.GetInfo().Type is StorageVolumeType.File;
    }

    public bool IsZeroed { get; }

    /// <summary>Opens a volume. Blocks.</summary>
    public static LibvirtVolume Open(LibvirtOptions options, PoolRefresh refresh, VolumeFlusher flusher, string pool, string name)
    {
        var connection = LibvirtThread.Connect(options);
        try
        {
            using var found = connection.LookupStoragePool(pool);
            return new LibvirtVolume(connection, refresh.FindVolume(found, name) ?? throw Gone(pool, name), flusher);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public long GetCapacity() => LibvirtFailures.Translate(() => (long)_volume.GetInfo().Capacity);

    public IVolumeUpload BeginUpload(long offset, long length) => LibvirtFailures.Translate(() =>
        new LibvirtUpload(OpenStream(stream => _volume.Upload(stream, (ulong)offset, (ulong)length))));

    public void Read(long offset, long length, VolumeReader read) => LibvirtFailures.Translate(() =>
    {
        using var stream = OpenStream(opened => _volume.Download(opened, (ulong)offset, (ulong)length));
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ReadSize, length));
        try
        {
            for (var count = stream.Receive(buffer); count > 0; count = stream.Receive(buffer)) read(buffer.AsSpan(0, count));
            stream.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    });

    public void Flush() => _flusher.Flush(LibvirtFailures.Translate(() => _volume.Path));

    public void FlushSoon()
    {
        if (!_flushing.IsCompleted) return; // What it does not take, the next one does.
        var path = LibvirtFailures.Translate(() => _volume.Path);
        _flushing = BlockingWork.RunAsync(() => _flusher.WriteOut(path));
    }

    public void Dispose()
    {
        _volume.Dispose();
        _connection.Dispose();
    }

    private static DownloadException Gone(string pool, string name) => new(
        DownloadErrorKind.VolumeLost, $"the volume '{name}' is gone from the pool '{pool}': retry to fetch it again, or cancel the download");

    private LibvirtStream OpenStream(Action<LibvirtStream> open) => BusyRetry.Run(() =>
    {
        var stream = _connection.NewStream();
        try
        {
            open(stream);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    });

    private sealed class LibvirtUpload(LibvirtStream stream) : IVolumeUpload
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            try
            {
                stream.Send(bytes);
            }
            catch (LibvirtSharp.Errors.LibvirtException e)
            {
                throw LibvirtFailures.Translate(e);
            }
        }

        public void Finish() => LibvirtFailures.Translate(stream.Finish);

        public void Dispose() => stream.Dispose();
    }
}
