namespace LibvirtSharp.Errors;

/// <summary>
/// There is no connection to a server: <see cref="ConnectionFailedException"/> or <see cref="ConnectionLostException"/>. Nothing
/// reconnects by itself.
/// </summary>
public abstract class LibvirtConnectionException : LibvirtException
{
    private protected LibvirtConnectionException(NativeError error)
        : base(error)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>
/// <see cref="LibvirtConnection.Open"/> did not reach a libvirt server that would talk: nobody listens, the host is unknown, the
/// connection was refused or fell silent. A refusal for want of rights is <see cref="LibvirtAccessDeniedException"/>.
/// </summary>
public sealed class ConnectionFailedException : LibvirtConnectionException
{
    internal ConnectionFailedException(NativeError error)
        : base(error)
    {
    }
}

/// <summary>
/// The connection is gone: the server died or stopped, the network broke, or keepalives went unanswered. libvirt does not
/// reconnect; every object of the connection is useless from here on. Open a new one and look everything up again.
/// </summary>
/// <remarks>
/// libvirt has no code of its own for this: a call in flight fails with <see cref="LibvirtErrorCode.SystemError"/> (EPIPE,
/// ECONNRESET) or <see cref="LibvirtErrorCode.InternalError"/>, and each later one with the latter. So what decides is
/// <c>virConnectIsAlive</c>, asked after the failure, and the error's domain: one of the transport (<see cref="LibvirtErrorDomain.Rpc"/>,
/// <see cref="LibvirtErrorDomain.Ssh"/>, <see cref="LibvirtErrorDomain.LibSsh"/>) tells of a lost connection even where
/// <c>virConnectIsAlive</c> says yes, as virtqemud's to virtstoraged. Texts may be translated and decide nothing.
/// </remarks>
public sealed class ConnectionLostException : LibvirtConnectionException
{
    internal ConnectionLostException(NativeError error)
        : base(error)
    {
    }
}
