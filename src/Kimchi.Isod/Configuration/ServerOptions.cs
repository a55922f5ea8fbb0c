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
}
