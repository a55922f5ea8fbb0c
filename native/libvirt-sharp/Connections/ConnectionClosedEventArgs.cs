namespace LibvirtSharp;

/// <summary>Why a connection was closed: libvirt's <c>virConnectCloseReason</c>.</summary>
public enum ConnectionCloseReason
{
    /// <summary>An input or output error on the connection (<c>VIR_CONNECT_CLOSE_REASON_ERROR</c>).</summary>
    Error = 0,

    /// <summary>The server closed its end, as it does when it stops or dies (<c>VIR_CONNECT_CLOSE_REASON_EOF</c>).</summary>
    EndOfFile = 1,

    /// <summary>The server answered no keepalive in time (<c>VIR_CONNECT_CLOSE_REASON_KEEPALIVE</c>).</summary>
    KeepAlive = 2,

    /// <summary>The client asked for it (<c>VIR_CONNECT_CLOSE_REASON_CLIENT</c>).</summary>
    Client = 3,
}

/// <summary>What <see cref="LibvirtConnection.Closed"/> tells.</summary>
/// <param name="reason">Why the connection was closed.</param>
public sealed class ConnectionClosedEventArgs(ConnectionCloseReason reason) : EventArgs
{
    /// <summary>Why the connection was closed.</summary>
    public ConnectionCloseReason Reason { get; } = reason;
}
