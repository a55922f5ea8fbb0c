namespace LibvirtSharp;

/// <summary>The state of a pool: libvirt's <c>virStoragePoolState</c>.</summary>
public enum StoragePoolState
{
    /// <summary>Not running (<c>VIR_STORAGE_POOL_INACTIVE</c>).</summary>
    Inactive = 0,

    /// <summary>Being built, not yet usable (<c>VIR_STORAGE_POOL_BUILDING</c>).</summary>
    Building = 1,

    /// <summary>Running (<c>VIR_STORAGE_POOL_RUNNING</c>).</summary>
    Running = 2,

    /// <summary>Running with something broken (<c>VIR_STORAGE_POOL_DEGRADED</c>).</summary>
    Degraded = 3,

    /// <summary>Running, but out of reach (<c>VIR_STORAGE_POOL_INACCESSIBLE</c>).</summary>
    Inaccessible = 4,
}

/// <summary>A pool's state and sizes as of its last refresh: libvirt's <c>virStoragePoolInfo</c>.</summary>
/// <param name="State">The pool's state.</param>
/// <param name="Capacity">The size of what the pool stands on, in bytes.</param>
/// <param name="Allocation">How much of it is taken, by whomever, in bytes.</param>
/// <param name="Available">How much of it is free, in bytes.</param>
public sealed record StoragePoolInfo(StoragePoolState State, ulong Capacity, ulong Allocation, ulong Available);
