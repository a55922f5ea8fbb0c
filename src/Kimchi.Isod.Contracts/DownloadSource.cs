using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>One of the places that a download's file comes from.</summary>
public sealed record DownloadSource
{
    /// <summary>Where it is, with no credentials, as in <see cref="Download.Url"/>.</summary>
    public required string Url { get; init; }

    /// <summary>Bytes that came from it for this download, as far as they were noted.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes per second over the last seconds; 0 when nothing comes.</summary>
    public long Speed { get; init; }

    /// <summary>One of <see cref="DownloadSourceStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it was left last, for good or for the time being; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Error { get; init; }
}

/// <summary>What <see cref="DownloadSource.Status"/> may be.</summary>
public static class DownloadSourceStatus
{
    /// <summary>Nothing comes from it; it may be used when others fail or are slow.</summary>
    public const string Standby = "standby";

    /// <summary>There are connections to it.</summary>
    public const string Active = "active";

    /// <summary>Failed, or sent wrong bytes: not asked again.</summary>
    public const string Failed = "failed";
}
