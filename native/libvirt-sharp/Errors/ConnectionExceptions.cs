using LibvirtSharp.Errors;

namespace LibvirtSharp;

/// <summary>
/// <see cref="LibvirtConnection.Open"/> did not reach a libvirt server that would talk: nobody listens, the host is unknown, the
/// connection was refused or fell silent. A refusal for want of rights is <see cref="PermissionDeniedException"/>.
/// </summary>
public sealed class ConnectionFailedException : LibvirtException
{
    internal ConnectionFailedException(NativeError error)
        : base(error)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// The connection is gone: the server died or stopped, the network broke, or keepalives went unanswered. libvirt does not
/// reconnect; every object of the connection is useless from here on. Open a new one and look everything up again.
/// </summary>
/// <remarks>
/// libvirt has no code of its own for this: a call in flight fails with <see cref="LibvirtErrorCode.SystemError"/> (EPIPE,
/// ECONNRESET) or <see cref="LibvirtErrorCode.InternalError"/>, and each later one with the latter. So what decides is
/// <c>virConnectIsAlive</c>, asked after the failure; texts may be translated and decide nothing.
/// </remarks>
public sealed class ConnectionLostException : LibvirtException
{
    internal ConnectionLostException(NativeError error)
        : base(error)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
