namespace LibvirtSharp;

/// <summary>What a volume is: libvirt's <c>virStorageVolType</c>.</summary>
public enum StorageVolumeType
{
    /// <summary>A regular file (<c>VIR_STORAGE_VOL_FILE</c>).</summary>
    File = 0,

    /// <summary>A block device (<c>VIR_STORAGE_VOL_BLOCK</c>).</summary>
    Block = 1,

    /// <summary>A directory (<c>VIR_STORAGE_VOL_DIR</c>).</summary>
    Directory = 2,

    /// <summary>A network volume (<c>VIR_STORAGE_VOL_NETWORK</c>).</summary>
    Network = 3,

    /// <summary>A directory on the network (<c>VIR_STORAGE_VOL_NETDIR</c>).</summary>
    NetworkDirectory = 4,

    /// <summary>A ploop volume (<c>VIR_STORAGE_VOL_PLOOP</c>).</summary>
    Ploop = 5,
}

/// <summary>A volume's type and sizes: libvirt's <c>virStorageVolInfo</c>.</summary>
/// <param name="Type">What the volume is.</param>
/// <param name="Capacity">The logical size, in bytes.</param>
/// <param name="Allocation">How much storage it takes now, in bytes.</param>
public sealed record StorageVolumeInfo(StorageVolumeType Type, ulong Capacity, ulong Allocation);
