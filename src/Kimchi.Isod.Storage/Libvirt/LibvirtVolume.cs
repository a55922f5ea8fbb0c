using System.Buffers;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using LibvirtSharp;
using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>A volume of libvirt's with a connection of its own, so that no other call waits for its data.</summary>
internal sealed class LibvirtVolume : IVolume
{
    private const int ReadSize = 256 * 1024;

    private readonly BoundedConnection _connection;
    private readonly StorageVolume _volume;
    private readonly VolumeAccess _access;
    private readonly string _path;
    private LocalFile? _file;
    private Task _flushing = Task.CompletedTask;

    private LibvirtVolume(BoundedConnection connection, StorageVolume volume, VolumeAccess access)
    {
        _connection = connection;
        _access = access;
        _volume = volume;
        _path = connection.Ask(() => volume.Path); // A flush must not need libvirt, which may be gone by then.
        IsZeroed = connection.Ask(() => VolumePlace.Require(volume)).Type is StorageVolumeType.File;
    }

    public bool IsZeroed { get; }

    /// <summary>Opens a volume. Blocks.</summary>
    public static LibvirtVolume Open(VolumeAccess access, string pool, string name)
    {
        var connection = BoundedConnection.Open(access.Libvirt);
        StorageVolume? volume = null;
        try
        {
            connection.Connection.Closed += (_, _) => access.OnLost();
            using var found = connection.Ask(() => connection.Connection.LookupStoragePool(pool));
            volume = connection.Work(() => BusyRetry.Run(() => access.Refresh.FindVolume(found, name))) ?? throw Gone(pool, name);
            return new LibvirtVolume(connection, volume, access);
        }
        catch
        {
            volume?.Dispose(); // It would keep the connection open.
            connection.Dispose();
            throw;
        }
    }

    public long GetCapacity() => LibvirtFailures.Translate(() => (long)_connection.Ask(_volume.GetInfo).Capacity);

    public IVolumeUpload BeginUpload(long offset, long length) => LibvirtFailures.Translate(() =>
        new LibvirtUpload(_connection, OpenStream(stream => _volume.Upload(stream, (ulong)offset, (ulong)length))));

    public void Read(long offset, long length, VolumeReader read) =>
        LibvirtFailures.Translate(() => _connection.Work(() => ReadAll(offset, length, read)));

    public VolumeAllocation Settle(long capacity)
    {
        // A logical volume with less allocation than capacity would be a snapshot without an origin.
        if (!IsZeroed) return VolumeAllocation.Full;
        var isFull = _access.Pools.Allocate switch
        {
            AllocatePolicy.Full => true,
            AllocatePolicy.None => false,
            _ => _file is { FileSystem.AllocatesQuickly: true },
        };
        var options = StorageVolumeResizeOptions.Shrink | (isFull ? StorageVolumeResizeOptions.Allocate : StorageVolumeResizeOptions.None);
        try
        {
            LibvirtFailures.Translate(() => _connection.Work(() => BusyRetry.Run(() => _volume.Resize((ulong)capacity, options))));
        }
        catch (DownloadException e) when (e.InnerException is LibvirtException { Code: LibvirtErrorCode.InvalidArgument })
        {
            // libvirt cuts no file to less than its blocks; the caller sees that it did not.
        }

        return isFull ? VolumeAllocation.Full : VolumeAllocation.Sparse;
    }

    public void Delete() => LibvirtFailures.Translate(() =>
    {
        try
        {
            _connection.Work(() => BusyRetry.Run(_volume.Delete));
        }
        catch (StorageVolumeNotFoundException)
        {
            // Somebody else has deleted it.
        }
    });

    public VolumeFile? FindFile(ReadOnlyMemory<byte> start)
    {
        var found = LocalFile.Find(_path, start.Span);
        if (found is not null && !found.FileSystem.IsLocal && !_access.NamesThisMachine)
        {
            // The same file on a network: what another machine has not sent to it yet, nobody can flush from here.
            found.Dispose();
            found = null;
        }

        if (found is not null && found.Description == _file?.Description)
        {
            found.Dispose();
            return _file.Description;
        }

        _file?.Dispose();
        _file = found;
        return found?.Description;
    }

    public VolumeActivity Observe() => _file?.Observe() ?? default;

    public bool Flush()
    {
        _file?.Flush();
        return _file is not null;
    }

    public void FlushSoon()
    {
        if (_file is not { } file || !_flushing.IsCompleted) return; // What it does not take, the next one does.
        _flushing = BlockingWork.RunAsync(file.WriteOut);
    }

    public void Dispose()
    {
        _file?.Dispose();
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
        _connection.Ask(() => VolumePlace.Require(_volume));
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
