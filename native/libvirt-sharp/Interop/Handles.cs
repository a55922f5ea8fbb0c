using System.Runtime.InteropServices;

namespace LibvirtSharp.Interop;

// Each object of libvirt holds a reference to its connection by itself (virGetStoragePool and its like, datatypes.c), so that
// handles may be released in any order.

/// <summary>virConnectPtr.</summary>
internal sealed class ConnectionHandle() : LibvirtHandle
{
    protected override bool ReleaseHandle() => Native.ConnectClose(handle) >= 0;
}

/// <summary>virStoragePoolPtr.</summary>
internal sealed class StoragePoolHandle() : LibvirtHandle
{
    public StoragePoolHandle(nint pool)
        : this() => SetHandle(pool);

    protected override bool ReleaseHandle() => Native.PoolFree(handle) == 0;
}

/// <summary>virStorageVolPtr.</summary>
internal sealed class StorageVolumeHandle() : LibvirtHandle
{
    public StorageVolumeHandle(nint volume)
        : this() => SetHandle(volume);

    protected override bool ReleaseHandle() => Native.VolumeFree(handle) == 0;
}

/// <summary>virStreamPtr.</summary>
internal sealed class StreamHandle() : LibvirtHandle
{
    protected override bool ReleaseHandle() => Native.StreamFree(handle) == 0;
}

/// <summary>A pointer of libvirt's that is null when there is no object.</summary>
internal abstract class LibvirtHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}
