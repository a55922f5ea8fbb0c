namespace Kimchi.Isod.Sources.Http;

/// <summary>Sees whether a TCP connection ended while a body was read from it, below the TLS within.</summary>
/// <remarks>
/// <see cref="System.Net.Security.SslStream"/> gives 0 for TLS's close_notify and for a connection that was cut between two records. But
/// after a close_notify it asks the connection for nothing more, so that nobody sees the connection's end.
/// </remarks>
internal sealed class ConnectionEnd
{
    private static readonly AsyncLocal<ConnectionEnd?> Watch = new();
    private volatile bool _wasSeen;

    /// <summary>Whether the connection has ended.</summary>
    public bool WasSeen => _wasSeen;

    /// <summary>Watches what the calling asynchronous method reads, until that method ends.</summary>
    public void Begin() => Watch.Value = this;

    /// <summary>A connection has ended for its reader.</summary>
    public static void Note()
    {
        if (Watch.Value is { } end) end._wasSeen = true;
    }
}
