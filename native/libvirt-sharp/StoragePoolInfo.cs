namespace LibvirtSharp;

/// <summary>A pool's state and size: virStoragePoolInfo.</summary>
/// <param name="State">Whether it runs.</param>
/// <param name="Capacity">Bytes it has in all.</param>
/// <param name="Allocation">Bytes that are taken.</param>
/// <param name="Available">Bytes that are free.</param>
public sealed record StoragePoolInfo(StoragePoolState State, ulong Capacity, ulong Allocation, ulong Available);

/// <summary>virStoragePoolState.</summary>
public enum StoragePoolState
{
    /// <summary>Not running.</summary>
    Inactive = 0,

    /// <summary>Being set up.</summary>
    Building = 1,

    /// <summary>Running.</summary>
    Running = 2,

    /// <summary>Running, but broken in part.</summary>
    Degraded = 3,

    /// <summary>Running, but out of reach.</summary>
    Inaccessible = 4,
}
