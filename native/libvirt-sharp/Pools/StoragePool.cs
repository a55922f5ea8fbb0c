using System.Runtime.InteropServices;
using LibvirtSharp.Errors;
using LibvirtSharp.Handles;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>A storage pool (<c>virStoragePoolPtr</c>). Any thread may use it, several at once; its calls block.</summary>
/// <remarks>
/// Every call but <see cref="Name"/> and <see cref="Uuid"/> asks the server and can throw <see cref="ConnectionLostException"/>,
/// <see cref="StoragePoolNotFoundException"/> (undefined meanwhile), <see cref="LibvirtAccessDeniedException"/>,
/// <see cref="LibvirtBusyException"/> (another client's job is running) and <see cref="LibvirtException"/>.
/// </remarks>
public sealed partial class StoragePool : IDisposable
{
    /// <summary><c>VIR_UUID_STRING_BUFLEN</c>: 36 characters and a NUL.</summary>
    private const int UuidBufferSize = 37;

    private readonly PoolHandle _handle;
    private volatile bool _disposed;

    internal StoragePool(PoolHandle handle)
    {
        _handle = handle;
        Name = Check.NotNull(NativeMethods.virStoragePoolGetName(handle), handle);
        Uuid = ReadUuid(handle);
    }

    /// <summary>The pool's name (<c>virStoragePoolGetName</c>); also after <see cref="Dispose"/>.</summary>
    public string Name { get; }

    /// <summary>The pool's UUID (<c>virStoragePoolGetUUIDString</c>); also after <see cref="Dispose"/>.</summary>
    public Guid Uuid { get; }

    /// <summary>Whether the pool is running (<c>virStoragePoolIsActive</c>).</summary>
    public bool IsActive => Check.Truth(NativeMethods.virStoragePoolIsActive(Handle), _handle);

    /// <summary>Whether the pool outlives being stopped (<c>virStoragePoolIsPersistent</c>).</summary>
    public bool IsPersistent => Check.Truth(NativeMethods.virStoragePoolIsPersistent(Handle), _handle);

    /// <summary>
    /// Whether the server starts the pool when it starts (<c>virStoragePoolGetAutostart</c>, <c>virStoragePoolSetAutostart</c>);
    /// only for persistent pools.
    /// </summary>
    public bool Autostart
    {
        get
        {
            Check.NotNegative(NativeMethods.virStoragePoolGetAutostart(Handle, out var autostart), _handle);
            return autostart != 0;
        }
        set => Check.NotNegative(NativeMethods.virStoragePoolSetAutostart(Handle, value ? 1 : 0), _handle);
    }

    private PoolHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _handle;
        }
    }

    /// <summary>The state and the sizes as of the last refresh (<c>virStoragePoolGetInfo</c>).</summary>
    public StoragePoolInfo GetInfo()
    {
        Check.NotNegative(NativeMethods.virStoragePoolGetInfo(Handle, out var info), _handle);
        return new StoragePoolInfo((StoragePoolState)info.State, info.Capacity, info.Allocation, info.Available);
    }

    /// <summary>The pool's description (<c>virStoragePoolGetXMLDesc</c>, libvirt.org/formatstorage.html).</summary>
    public string GetXml() => Check.NotNull(NativeMethods.virStoragePoolGetXMLDesc(Handle, 0), _handle);

    /// <summary>Gives the reference up (<c>virStoragePoolFree</c>); the pool itself stays as it is.</summary>
    public void Dispose()
    {
        _disposed = true;
        _handle.Dispose();
    }

    private static unsafe Guid ReadUuid(PoolHandle handle)
    {
        var buffer = stackalloc byte[UuidBufferSize];
        Check.NotNegative(NativeMethods.virStoragePoolGetUUIDString(handle, buffer), handle);
        return Guid.Parse(Marshal.PtrToStringUTF8((nint)buffer)!);
    }
}
