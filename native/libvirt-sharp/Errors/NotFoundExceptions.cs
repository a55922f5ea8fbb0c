using LibvirtSharp.Errors;

namespace LibvirtSharp;

/// <summary>No pool of that name or UUID is known: <see cref="LibvirtErrorCode.NoStoragePool"/>.</summary>
public sealed class NoSuchPoolException : LibvirtException
{
    internal NoSuchPoolException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>
/// The pool's list has no such volume: <see cref="LibvirtErrorCode.NoStorageVolume"/>. A file that another program put there is
/// listed after <see cref="StoragePool.Refresh"/> only.
/// </summary>
public sealed class NoSuchVolumeException : LibvirtException
{
    internal NoSuchVolumeException(NativeError error)
        : base(error)
    {
    }
}
