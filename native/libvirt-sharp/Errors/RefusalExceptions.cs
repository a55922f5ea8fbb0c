namespace LibvirtSharp.Errors;

/// <summary>
/// The caller lacks the right: authentication failed, an access rule or a read-only connection forbids it, or the socket's mode
/// does. A file that libvirtd itself may not touch is a plain system error with EACCES or EPERM.
/// </summary>
public sealed class LibvirtAccessDeniedException : LibvirtException
{
    internal LibvirtAccessDeniedException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>The driver or the pool's type cannot do this at all, as an rbd pool cannot take an upload.</summary>
public sealed class LibvirtNotSupportedException : LibvirtException
{
    internal LibvirtNotSupportedException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>A volume of that name is in the pool's list already: <see cref="LibvirtErrorCode.StorageVolumeExists"/>.</summary>
public sealed class StorageVolumeExistsException : LibvirtException
{
    internal StorageVolumeExistsException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>The filesystem or the quota of the pool is full: a system error with errno ENOSPC or EDQUOT.</summary>
public sealed class NoSpaceException : LibvirtException
{
    internal NoSpaceException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>
/// Somebody else is at it: <see cref="LibvirtErrorCode.ResourceBusy"/>, or <see cref="LibvirtErrorCode.OperationInvalid"/> or
/// <see cref="LibvirtErrorCode.InternalError"/> with one of the messages <c>is still in use</c>, <c>has asynchronous jobs
/// running</c>, <c>is still being allocated</c>. Only the message tells those from other invalid operations, so with a libvirtd
/// that speaks another language than English they stay a plain <see cref="LibvirtException"/>.
/// </summary>
public sealed class LibvirtBusyException : LibvirtException
{
    internal LibvirtBusyException(NativeError error)
        : base(error)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
