using LibvirtSharp.Errors;
using LibvirtSharp.Handles;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>A storage volume (<c>virStorageVolPtr</c>). Any thread may use it, several at once; its calls block.</summary>
/// <remarks>
/// Every call but <see cref="Name"/> and <see cref="Key"/> asks the server and can throw <see cref="ConnectionLostException"/>,
/// <see cref="StorageVolumeNotFoundException"/> (deleted meanwhile), <see cref="StoragePoolNotFoundException"/>,
/// <see cref="LibvirtAccessDeniedException"/>, <see cref="LibvirtBusyException"/> (in use by another call) and
/// <see cref="LibvirtException"/>.
/// </remarks>
public sealed partial class StorageVolume : IDisposable
{
    private readonly VolumeHandle _handle;
    private volatile bool _disposed;

    internal StorageVolume(VolumeHandle handle)
    {
        _handle = handle;
        Name = Check.NotNull(NativeMethods.virStorageVolGetName(handle), handle);
        Key = Check.NotNull(NativeMethods.virStorageVolGetKey(handle), handle);
    }

    /// <summary>The volume's name, unique in its pool (<c>virStorageVolGetName</c>); also after <see cref="Dispose"/>.</summary>
    public string Name { get; }

    /// <summary>The volume's key, unique on the server (<c>virStorageVolGetKey</c>); also after <see cref="Dispose"/>.</summary>
    public string Key { get; }

    /// <summary>The volume's path on the server (<c>virStorageVolGetPath</c>).</summary>
    public string Path => Check.NotNull(NativeMethods.virStorageVolGetPath(Handle), _handle);

    private VolumeHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _handle;
        }
    }

    /// <summary>The type and the sizes, read anew by the server (<c>virStorageVolGetInfoFlags</c>).</summary>
    public StorageVolumeInfo GetInfo()
    {
        Check.NotNegative(NativeMethods.virStorageVolGetInfoFlags(Handle, out var info, 0), _handle);
        return new StorageVolumeInfo((StorageVolumeType)info.Type, info.Capacity, info.Allocation);
    }

    /// <summary>The volume's description (<c>virStorageVolGetXMLDesc</c>, libvirt.org/formatstorage.html).</summary>
    public string GetXml() => Check.NotNull(NativeMethods.virStorageVolGetXMLDesc(Handle, 0), _handle);

    /// <summary>The volume's pool, the caller's to dispose of (<c>virStoragePoolLookupByVolume</c>).</summary>
    public StoragePool LookupPool() => new(Check.Child(NativeMethods.virStoragePoolLookupByVolume(Handle), _handle));

    /// <summary>
    /// Deletes the volume and its data (<c>virStorageVolDelete</c>). libvirt does so during an upload too, and calls that one
    /// finished.
    /// </summary>
    public void Delete() => Delete(StorageVolumeDeleteOptions.None);

    /// <inheritdoc cref="Delete()"/>
    public void Delete(StorageVolumeDeleteOptions options) =>
        Check.NotNegative(NativeMethods.virStorageVolDelete(Handle, (uint)options), _handle);

    /// <summary>Changes the capacity (<c>virStorageVolResize</c>); only while nothing is transferred.</summary>
    /// <param name="capacity">
    /// The new capacity in bytes, or the difference with <see cref="StorageVolumeResizeOptions.Delta"/>.
    /// </param>
    /// <param name="options">Shrinking needs <see cref="StorageVolumeResizeOptions.Shrink"/>.</param>
    /// <exception cref="NoSpaceException">What is added fits the pool's size as last read, but no longer the disk.</exception>
    /// <exception cref="LibvirtException">
    /// <see cref="LibvirtErrorCode.InvalidArgument"/> where it would shrink without leave, or below its allocation;
    /// <see cref="LibvirtErrorCode.OperationFailed"/> where it would grow by more than the pool has available, sparse or not.
    /// </exception>
    public void Resize(ulong capacity, StorageVolumeResizeOptions options = StorageVolumeResizeOptions.None) =>
        Check.NotNegative(NativeMethods.virStorageVolResize(Handle, capacity, (uint)options), _handle);

    /// <summary>Gives the reference up (<c>virStorageVolFree</c>); the volume itself stays as it is.</summary>
    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }
}
