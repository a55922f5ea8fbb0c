using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What one of a download's sources does at one moment.</summary>
/// <param name="Url">Where it is, with no secret in it.</param>
/// <param name="Bytes">How many bytes it has brought.</param>
/// <param name="BytesPerSecond">How fast bytes come from it.</param>
/// <param name="Status">What it is used for.</param>
/// <param name="Error">Why it was left last; null where it was not, or bytes have come from it since.</param>
public sealed record SourceActivity(string Url, long Bytes, long BytesPerSecond, SourceStatus Status, string? Error)
{
    /// <summary>What the record of a download that does not run tells of its sources; nothing where nothing was noted.</summary>
    public static IReadOnlyList<SourceActivity> Of(DownloadRecord record) =>
    [
        .. record.Mirrors.Select(mirror => mirror.Url).Prepend(record.Url).Zip(
            record.Outcomes, (url, outcome) => new SourceActivity(url.ToString(), outcome.Bytes, 0, StatusOf(outcome.Standing), outcome.Error)),
    ];

    private static SourceStatus StatusOf(SourceStanding standing) => standing is SourceStanding.Good ? SourceStatus.Standby : SourceStatus.Failed;
}

/// <summary>Whether a source is used.</summary>
public enum SourceStatus
{
    /// <summary>Nothing comes from it. It may be used when others fail or are slow.</summary>
    Standby = 0,

    /// <summary>Bytes come from it.</summary>
    Active,

    /// <summary>It failed, and is not asked again in this run; or it sent wrong bytes, and is not asked again for this download.</summary>
    Failed,
}
