namespace LibvirtSharp;

/// <summary>Tells why a connection was lost.</summary>
public sealed class ConnectionClosedEventArgs(ConnectionCloseReason reason) : EventArgs
{
    /// <summary>Why.</summary>
    public ConnectionCloseReason Reason { get; } = reason;
}

/// <summary>virConnectCloseReason.</summary>
public enum ConnectionCloseReason
{
    /// <summary>Misc. I/O error.</summary>
    Error = 0,

    /// <summary>The daemon closed it.</summary>
    EndOfFile = 1,

    /// <summary>Keepalive messages were not answered.</summary>
    KeepAlive = 2,

    /// <summary>The client asked for it.</summary>
    Client = 3,
}
