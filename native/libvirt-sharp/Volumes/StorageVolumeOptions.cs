namespace LibvirtSharp;

/// <summary>How a volume is made: libvirt's <c>virStorageVolCreateFlags</c>.</summary>
[Flags]
public enum StorageVolumeCreateOptions
{
    /// <summary>Nothing in particular.</summary>
    None = 0,

    /// <summary>Allocate the metadata of a qcow2 volume (<c>VIR_STORAGE_VOL_CREATE_PREALLOC_METADATA</c>).</summary>
    PreallocateMetadata = 1,

    /// <summary>Copy by reference on btrfs (<c>VIR_STORAGE_VOL_CREATE_REFLINK</c>).</summary>
    Reflink = 2,

    /// <summary>Check the XML against the schema (<c>VIR_STORAGE_VOL_CREATE_VALIDATE</c>, since libvirt 8.10).</summary>
    Validate = 4,
}

/// <summary>How <see cref="StorageVolume.Resize"/> works: libvirt's <c>virStorageVolResizeFlags</c>.</summary>
[Flags]
public enum StorageVolumeResizeOptions
{
    /// <summary>The capacity is absolute, may not shrink, and what is added stays sparse.</summary>
    None = 0,

    /// <summary>Allocate what is added (<c>VIR_STORAGE_VOL_RESIZE_ALLOCATE</c>).</summary>
    Allocate = 1,

    /// <summary>
    /// The capacity is a difference (<c>VIR_STORAGE_VOL_RESIZE_DELTA</c>); with <see cref="Shrink"/> it is taken away.
    /// </summary>
    Delta = 2,

    /// <summary>The capacity may become less (<c>VIR_STORAGE_VOL_RESIZE_SHRINK</c>). Data past the new end are lost.</summary>
    Shrink = 4,
}

/// <summary>How <see cref="StorageVolume.Delete()"/> works: libvirt's <c>virStorageVolDeleteFlags</c>.</summary>
[Flags]
public enum StorageVolumeDeleteOptions
{
    /// <summary>Just remove it (<c>VIR_STORAGE_VOL_DELETE_NORMAL</c>).</summary>
    None = 0,

    /// <summary>Write zeros over it first (<c>VIR_STORAGE_VOL_DELETE_ZEROED</c>).</summary>
    Zeroed = 1,

    /// <summary>Its snapshots too (<c>VIR_STORAGE_VOL_DELETE_WITH_SNAPSHOTS</c>).</summary>
    WithSnapshots = 2,
}

/// <summary>How a transfer works: libvirt's <c>virStorageVolUploadFlags</c> and <c>virStorageVolDownloadFlags</c>.</summary>
[Flags]
public enum StorageVolumeTransferOptions
{
    /// <summary>Bytes only.</summary>
    None = 0,

    /// <summary>
    /// Holes travel as holes: <see cref="LibvirtStream.SendHole"/> (<c>VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM</c>).
    /// </summary>
    Sparse = 1,
}
