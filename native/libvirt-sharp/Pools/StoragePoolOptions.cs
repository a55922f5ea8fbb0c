namespace LibvirtSharp;

/// <summary>How <see cref="StoragePool.Build()"/> works: libvirt's <c>virStoragePoolBuildFlags</c>.</summary>
[Flags]
public enum StoragePoolBuildOptions
{
    /// <summary>A regular build (<c>VIR_STORAGE_POOL_BUILD_NEW</c>).</summary>
    None = 0,

    /// <summary>Repair (<c>VIR_STORAGE_POOL_BUILD_REPAIR</c>).</summary>
    Repair = 1,

    /// <summary>Extend (<c>VIR_STORAGE_POOL_BUILD_RESIZE</c>).</summary>
    Resize = 2,

    /// <summary>Fail where something is there already (<c>VIR_STORAGE_POOL_BUILD_NO_OVERWRITE</c>).</summary>
    NoOverwrite = 4,

    /// <summary>Overwrite what is there (<c>VIR_STORAGE_POOL_BUILD_OVERWRITE</c>). Data are lost.</summary>
    Overwrite = 8,
}

/// <summary>How <see cref="StoragePool.Create()"/> works: libvirt's <c>virStoragePoolCreateFlags</c>.</summary>
[Flags]
public enum StoragePoolCreateOptions
{
    /// <summary>Start only (<c>VIR_STORAGE_POOL_CREATE_NORMAL</c>).</summary>
    None = 0,

    /// <summary>Build first (<c>VIR_STORAGE_POOL_CREATE_WITH_BUILD</c>).</summary>
    WithBuild = 1,

    /// <summary>Build first, overwriting (<c>VIR_STORAGE_POOL_CREATE_WITH_BUILD_OVERWRITE</c>). Data are lost.</summary>
    WithBuildOverwrite = 2,

    /// <summary>Build first unless something is there (<c>VIR_STORAGE_POOL_CREATE_WITH_BUILD_NO_OVERWRITE</c>).</summary>
    WithBuildNoOverwrite = 4,
}

/// <summary>How <see cref="StoragePool.Delete()"/> works: libvirt's <c>virStoragePoolDeleteFlags</c>.</summary>
[Flags]
public enum StoragePoolDeleteOptions
{
    /// <summary>Metadata only, fast (<c>VIR_STORAGE_POOL_DELETE_NORMAL</c>).</summary>
    None = 0,

    /// <summary>Write zeros over the data, slow (<c>VIR_STORAGE_POOL_DELETE_ZEROED</c>).</summary>
    Zeroed = 1,
}
