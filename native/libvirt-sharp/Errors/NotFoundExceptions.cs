namespace LibvirtSharp.Errors;

/// <summary>No pool of that name or UUID is known: <see cref="LibvirtErrorCode.NoStoragePool"/>.</summary>
public sealed class StoragePoolNotFoundException : LibvirtException
{
    internal StoragePoolNotFoundException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>
/// The pool's list has no such volume: <see cref="LibvirtErrorCode.NoStorageVolume"/>. A file that another program put there is
/// listed after <see cref="StoragePool.Refresh"/> only.
/// </summary>
public sealed class StorageVolumeNotFoundException : LibvirtException
{
    internal StorageVolumeNotFoundException(NativeError error)
        : base(error)
    {
    }
}
