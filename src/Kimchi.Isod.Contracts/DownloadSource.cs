using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>One of the places that a download's file comes from.</summary>
public sealed record DownloadSource
{
    /// <summary>Where it is, with no credentials, as in <see cref="Download.Url"/>.</summary>
    public required string Url { get; init; }

    /// <summary>Bytes that came from it since the download or the daemon was started.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes per second over the last seconds; 0 when nothing comes.</summary>
    public long Speed { get; init; }

    /// <summary>One of <see cref="DownloadSourceStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not used any more; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Error { get; init; }
}

/// <summary>What <see cref="DownloadSource.Status"/> may be.</summary>
public static class DownloadSourceStatus
{
    /// <summary>May be used when others fail or are slow.</summary>
    public const string Standby = "standby";

    /// <summary>There are connections to it.</summary>
    public const string Active = "active";

    /// <summary>Failed, or sent wrong bytes.</summary>
    public const string Failed = "failed";
}
