using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>A storage pool. Every call throws <see cref="LibvirtException"/> when libvirt refuses it.</summary>
public sealed unsafe partial class StoragePool : IDisposable
{
    private readonly StoragePoolHandle _handle;

    internal StoragePool(StoragePoolHandle handle) => _handle = handle;

    /// <summary>Its name: virStoragePoolGetName.</summary>
    public string Name => Check.Text(Native.PoolGetName(_handle));

    /// <summary>Its UUID: virStoragePoolGetUUID.</summary>
    public Guid Uuid
    {
        get
        {
            var bytes = stackalloc byte[16];
            Check.Result(Native.PoolGetUuid(_handle, bytes));
            return new Guid(new ReadOnlySpan<byte>(bytes, 16), bigEndian: true);
        }
    }

    /// <summary>Whether it runs: virStoragePoolIsActive.</summary>
    public bool IsActive => Check.Flag(Native.PoolIsActive(_handle));

    /// <summary>Whether its definition stays when it stops: virStoragePoolIsPersistent.</summary>
    public bool IsPersistent => Check.Flag(Native.PoolIsPersistent(_handle));

    /// <summary>Whether it starts with the daemon: virStoragePoolGetAutostart, virStoragePoolSetAutostart.</summary>
    public bool Autostart
    {
        get
        {
            Check.Result(Native.PoolGetAutostart(_handle, out var autostart));
            return autostart != 0;
        }
        set => Check.Result(Native.PoolSetAutostart(_handle, value ? 1 : 0));
    }

    /// <summary>Makes what it stands on, such as the directory of a pool of type dir: virStoragePoolBuild.</summary>
    public void Build() => Check.Result(Native.PoolBuild(_handle, 0));

    /// <summary>Starts it: virStoragePoolCreate.</summary>
    public void Create() => Check.Result(Native.PoolCreate(_handle, 0));

    /// <summary>Stops it; nothing is deleted: virStoragePoolDestroy.</summary>
    public void Destroy() => Check.Result(Native.PoolDestroy(_handle));

    /// <summary>Forgets its definition: virStoragePoolUndefine.</summary>
    public void Undefine() => Check.Result(Native.PoolUndefine(_handle));

    /// <summary>Deletes what it stands on, such as its empty directory: virStoragePoolDelete.</summary>
    public void Delete() => Check.Result(Native.PoolDelete(_handle, 0));

    /// <summary>Looks anew at what is in it and at its free space: virStoragePoolRefresh.</summary>
    /// <remarks>Fails with <see cref="LibvirtErrorCode.InternalError"/> while another client works on the pool.</remarks>
    public void Refresh() => Check.Result(Native.PoolRefresh(_handle, 0));

    /// <summary>Its state and its size: virStoragePoolGetInfo. As of the last refresh.</summary>
    public StoragePoolInfo GetInfo()
    {
        Check.Result(Native.PoolGetInfo(_handle, out var info));
        return new StoragePoolInfo((StoragePoolState)info.State, info.Capacity, info.Allocation, info.Available);
    }

    /// <summary>Its definition: virStoragePoolGetXMLDesc.</summary>
    public string GetXml() => Check.OwnedText(Native.PoolGetXml(_handle, 0));

    /// <summary>Releases the handle.</summary>
    public void Dispose() => _handle.Dispose();
}
