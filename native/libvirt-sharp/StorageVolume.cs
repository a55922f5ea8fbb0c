using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>A storage volume. Every call throws <see cref="LibvirtException"/> when libvirt refuses it.</summary>
public sealed class StorageVolume : IDisposable
{
    private readonly StorageVolumeHandle _handle;

    internal StorageVolume(StorageVolumeHandle handle) => _handle = handle;

    /// <summary>Its name in its pool: virStorageVolGetName.</summary>
    public string Name => Check.Text(Native.VolumeGetName(_handle));

    /// <summary>Its key, the same for ever: virStorageVolGetKey.</summary>
    public string Key => Check.Text(Native.VolumeGetKey(_handle));

    /// <summary>Its path on the daemon's host: virStorageVolGetPath.</summary>
    public string Path => Check.OwnedText(Native.VolumeGetPath(_handle));

    /// <summary>Its type and its size: virStorageVolGetInfo.</summary>
    public StorageVolumeInfo GetInfo()
    {
        Check.Result(Native.VolumeGetInfo(_handle, out var info));
        return new StorageVolumeInfo((StorageVolumeType)info.Type, info.Capacity, info.Allocation);
    }

    /// <summary>Its definition: virStorageVolGetXMLDesc.</summary>
    public string GetXml() => Check.OwnedText(Native.VolumeGetXml(_handle, 0));

    /// <summary>Deletes it and its bytes: virStorageVolDelete.</summary>
    public void Delete() => Check.Result(Native.VolumeDelete(_handle, 0));

    /// <summary>Changes its size: virStorageVolResize.</summary>
    /// <param name="capacity">The new size in bytes.</param>
    /// <param name="options">What else may happen.</param>
    public void Resize(ulong capacity, StorageVolumeResizeOptions options = StorageVolumeResizeOptions.None) =>
        Check.Result(Native.VolumeResize(_handle, capacity, (uint)options));

    /// <summary>Lets a stream write into it: virStorageVolUpload.</summary>
    /// <remarks>
    /// Offset and length are not checked against the capacity: an upload past the end makes the file longer. More bytes than
    /// <paramref name="length"/> fail with "No space left on device" (code 38) and lose what was queued.
    /// </remarks>
    /// <param name="stream">A new stream of the same connection.</param>
    /// <param name="offset">The first byte to write.</param>
    /// <param name="length">The most bytes that will come; 0 for any number.</param>
    public void Upload(LibvirtStream stream, ulong offset, ulong length) =>
        Check.Result(Native.VolumeUpload(_handle, stream.Handle, offset, length, 0));

    /// <summary>Lets a stream read from it: virStorageVolDownload.</summary>
    /// <param name="stream">A new stream of the same connection.</param>
    /// <param name="offset">The first byte to read.</param>
    /// <param name="length">How many bytes; 0 for all to its end.</param>
    public void Download(LibvirtStream stream, ulong offset, ulong length) =>
        Check.Result(Native.VolumeDownload(_handle, stream.Handle, offset, length, 0));

    /// <summary>Releases the handle.</summary>
    public void Dispose() => _handle.Dispose();
}
