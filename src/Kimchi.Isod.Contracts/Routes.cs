namespace Kimchi.Isod.Contracts;

/// <summary>The paths of the API, the same for the daemon and its clients.</summary>
public static class Routes
{
    /// <summary>Where Kimchi 2.x and later keeps its resources: every path also answers under it.</summary>
    public const string KimchiPrefix = "/plugins/kimchi";

    /// <summary>The downloads of a pool.</summary>
    public const string Downloads = "/storagepools/{pool}/storagevolumes/download";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Pause = "/pause";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Resume = "/resume";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Cancel = "/cancel";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Retry = "/retry";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Limit = "/limit";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Status = "/status";

    /// <summary>Relative to <see cref="Downloads"/>.</summary>
    public const string Probe = "/probe";

    /// <summary>The calls below <see cref="Downloads"/>.</summary>
    public static IReadOnlyList<string> Calls { get; } = [Pause, Resume, Cancel, Retry, Limit, Status, Probe];

    /// <summary>One download, relative to <see cref="Downloads"/>.</summary>
    public const string One = "/{name}";

    /// <summary>The changes of all downloads, as server-sent events.</summary>
    public const string Events = "/events";

    /// <summary>Whether the daemon can do its work.</summary>
    public const string Health = "/healthz";

    /// <summary>Numbers for monitoring, in OpenMetrics.</summary>
    public const string Metrics = "/metrics";

    /// <summary>What answers.</summary>
    public const string Version = "/version";

    /// <summary>The description of the API, in OpenAPI.</summary>
    public const string OpenApi = "/openapi/v1.json";

    /// <summary>The downloads of one pool, as a client asks for them.</summary>
    public static string DownloadsOf(string pool) => $"/storagepools/{Uri.EscapeDataString(pool)}/storagevolumes/download";

    /// <summary>One download, as a client asks for it.</summary>
    public static string DownloadOf(string pool, string name) => $"{DownloadsOf(pool)}/{Uri.EscapeDataString(name)}";
}
