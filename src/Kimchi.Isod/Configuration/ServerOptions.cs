namespace Kimchi.Isod.Configuration;

/// <summary>Where the API is served: the section <c>server</c> of the configuration.</summary>
internal sealed record ServerOptions
{
    /// <summary>The Unix domain socket. Default <c>/run/kimchi-isod/kimchi-isod.sock</c>.</summary>
    public string Socket { get; init; } = "/run/kimchi-isod/kimchi-isod.sock";

    /// <summary>The socket's mode: who may write to it may use the API. Default 0660.</summary>
    public UnixFileMode SocketMode { get; init; } =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>The socket's group, or null for the daemon's own. Default none.</summary>
    public string? SocketGroup { get; init; }

    /// <summary>How many clients may be connected, 1 to 100,000. Default 256.</summary>
    public int MaxConnections { get; init; } = 256;

    /// <summary>After how many requests a connection is closed cleanly, 1 to 1,000,000,000. Default 10,000.</summary>
    public int MaxConnectionRequests { get; init; } = 10_000;

    /// <summary>The most bytes that the headers of a request may have, 1 KiB to 1 MiB. Default 16 KiB.</summary>
    public int MaxHeaderSize { get; init; } = 16 * 1024;

    /// <summary>How long a client may take to send the headers of a request. Default 10 s.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may stand without a request. Default 2 minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes per second that a client must send of a body, and read of a reply, after 5 s; 0 for no such limit. Default 240.</summary>
    public int MinDataRate { get; init; } = 240;

    /// <summary>How many streams of events may be open, 0 to 10,000. Default 64.</summary>
    public int MaxEventStreams { get; init; } = 64;

    /// <summary>After how long with nothing to tell a stream of events shows that it lives. Default 15 s.</summary>
    public TimeSpan EventHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may not read its events until its stream is ended. Default 30 s.</summary>
    public TimeSpan EventPatience { get; init; } = TimeSpan.FromSeconds(30);
}
