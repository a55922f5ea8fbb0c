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

    /// <summary>How many streams of events may be open, 0 to 10,000. Default 64.</summary>
    public int MaxEventStreams { get; init; } = 64;

    /// <summary>After how long with nothing to tell a stream of events shows that it lives. Default 15 s.</summary>
    public TimeSpan EventHeartbeat { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may not read its events until its stream is ended. Default 30 s.</summary>
    public TimeSpan EventPatience { get; init; } = TimeSpan.FromSeconds(30);
}
