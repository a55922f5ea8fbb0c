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

    /// <summary>The downloads of one pool, as a client asks for them.</summary>
    public static string DownloadsOf(string pool) => $"/storagepools/{Uri.EscapeDataString(pool)}/storagevolumes/download";
}
