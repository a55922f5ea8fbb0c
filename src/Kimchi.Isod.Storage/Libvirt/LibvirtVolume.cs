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

    private readonly BoundedConnection _connection;
    private readonly StorageVolume _volume;
    private readonly VolumeFlusher _flusher;
    private Task _flushing = Task.CompletedTask;

    private LibvirtVolume(BoundedConnection connection, StorageVolume volume, VolumeFlusher flusher)
    {
        _connection = connection;
        _flusher = flusher;
        _volume = volume;
        IsZeroed = connection.Ask(volume.GetInfo).Type is StorageVolumeType.File;
    }

    public bool IsZeroed { get; }

    /// <summary>Opens a volume. Blocks.</summary>
    public static LibvirtVolume Open(LibvirtOptions options, PoolRefresh refresh, VolumeFlusher flusher, string pool, string name)
    {
        var connection = BoundedConnection.Open(options);
        try
        {
            using var found = connection.Ask(() => connection.Connection.LookupStoragePool(pool));
            return new LibvirtVolume(connection, connection.Work(() => BusyRetry.Run(() => refresh.FindVolume(found, name))) ?? throw Gone(pool, name), flusher);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public long GetCapacity() => LibvirtFailures.Translate(() => (long)_connection.Ask(_volume.GetInfo).Capacity);

    public IVolumeUpload BeginUpload(long offset, long length) => LibvirtFailures.Translate(() =>
        new LibvirtUpload(_connection, OpenStream(stream => _volume.Upload(stream, (ulong)offset, (ulong)length))));

    public void Read(long offset, long length, VolumeReader read) =>
        LibvirtFailures.Translate(() => _connection.Work(() => ReadAll(offset, length, read)));

    public void Flush() => _flusher.Flush(LibvirtFailures.Translate(() => _connection.Ask(() => _volume.Path)));

    public void FlushSoon()
    {
        if (!_flushing.IsCompleted) return; // What it does not take, the next one does.
        var path = LibvirtFailures.Translate(() => _connection.Ask(() => _volume.Path));
        _flushing = BlockingWork.RunAsync(() => _flusher.WriteOut(path));
    }

    public void Dispose()
    {
        _volume.Dispose();
        _connection.Dispose();
    }

    private static DownloadException Gone(string pool, string name) => new(
        DownloadErrorKind.VolumeLost, $"the volume '{name}' is gone from the pool '{pool}': retry to fetch it again, or cancel the download");

    private void ReadAll(long offset, long length, VolumeReader read)
    {
        using var stream = OpenStream(opened => _volume.Download(opened, (ulong)offset, (ulong)length));
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(ReadSize, length));
        try
        {
            for (var count = Receive(stream, buffer); count > 0; count = Receive(stream, buffer)) read(buffer.AsSpan(0, count));
            stream.Finish();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The bound is that of a piece, not of all the data.
    private int Receive(LibvirtStream stream, byte[] buffer)
    {
        using var call = _connection.BeginWork();
        return stream.Receive(buffer);
    }

    private LibvirtStream OpenStream(Action<LibvirtStream> open) => _connection.Work(() => BusyRetry.Run(() =>
    {
        var stream = _connection.Connection.NewStream();
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
    }));

    private sealed class LibvirtUpload(BoundedConnection connection, LibvirtStream stream) : IVolumeUpload
    {
        public void Write(ReadOnlySpan<byte> bytes)
        {
            try
            {
                using var call = connection.BeginWork();
                stream.Send(bytes);
            }
            catch (LibvirtSharp.Errors.LibvirtException e)
            {
                throw connection.Translate(e);
            }
        }

        public void Finish() => LibvirtFailures.Translate(() => connection.Work(stream.Finish));

        public void Dispose() => connection.Work(stream.Dispose);
    }
}
