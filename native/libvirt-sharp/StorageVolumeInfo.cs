namespace LibvirtSharp;

/// <summary>A volume's type and size: virStorageVolInfo.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Capacity">Its size in bytes.</param>
/// <param name="Allocation">Bytes that it really takes.</param>
public sealed record StorageVolumeInfo(StorageVolumeType Type, ulong Capacity, ulong Allocation);

/// <summary>virStorageVolType.</summary>
public enum StorageVolumeType
{
    /// <summary>A file.</summary>
    File = 0,

    /// <summary>A block device.</summary>
    Block = 1,

    /// <summary>A directory.</summary>
    Directory = 2,

    /// <summary>An image on the network.</summary>
    Network = 3,

    /// <summary>A directory on the network.</summary>
    NetworkDirectory = 4,

    /// <summary>A ploop image.</summary>
    Ploop = 5,
}

/// <summary>virStorageVolResizeFlags.</summary>
[Flags]
public enum StorageVolumeResizeOptions
{
    /// <summary>Larger only, and sparse.</summary>
    None = 0,

    /// <summary>Take the space at once.</summary>
    Allocate = 1,

    /// <summary>The size is a difference.</summary>
    Delta = 2,

    /// <summary>Smaller is allowed; what is cut off is lost.</summary>
    Shrink = 4,
}
