using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>A download as the API shows it.</summary>
public sealed record Download
{
    /// <summary>Its number; the state store uses none again for another download.</summary>
    public required long Id { get; init; }

    /// <summary>The volume's name.</summary>
    public required string Name { get; init; }

    /// <summary>The pool's name.</summary>
    public required string Pool { get; init; }

    /// <summary>Where the image comes from, with no credentials; a query is shown as <c>?…</c>, for it may hold some.</summary>
    public required string Url { get; init; }

    /// <summary>One of <see cref="DownloadStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>The file's size in bytes; null while it is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TotalSize { get; init; }

    /// <summary>Bytes that are safely stored.</summary>
    public long DownloadedSize { get; init; }

    /// <summary>Bytes per second over the last seconds; 0 when nothing comes.</summary>
    public long Speed { get; init; }

    /// <summary>Seconds until all is there at this speed; null where that cannot be told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? Eta { get; init; }

    /// <summary>Its own limit in bytes per second, 0 for none.</summary>
    public long LimitRate { get; init; }

    /// <summary>Whether it can be paused, and goes on from where it was.</summary>
    public bool Resumable { get; init; }

    /// <summary>What the image must hash to, such as <c>sha256:…</c>; null where nothing was given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Checksum { get; init; }

    /// <summary>Where the checksum was found; null where it was given, and where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ChecksumSource { get; init; }

    /// <summary>What was proven of the image before it was published; empty for one that is not. Never null.</summary>
    public IReadOnlyList<Verification> Verified { get => field ?? []; init; }

    /// <summary>Whether what is stored outlives a loss of power: false where the daemon does not see the volume's file, so that nobody can
    /// flush it to the disk; null where that is not known, as for downloads of older versions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool? Durable { get; init; }

    /// <summary>How often it was begun or tried again.</summary>
    public int Attempts { get; init; }

    /// <summary>How many connections it has; 0 while nothing is transferred.</summary>
    public int Connections { get; init; }

    /// <summary>Where its file is: its address first, then its mirrors. Empty where a version has ended the download that noted nothing of
    /// it, and from a daemon that does not tell; never null.</summary>
    public IReadOnlyList<DownloadSource> Sources { get => field ?? []; init; }

    /// <summary>Why it failed, or why it is tried again; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Error { get; init; }

    /// <summary>What is to be known of an image that is taken all the same; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Warning { get; init; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first ran; null when it never has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it completed, failed or was cancelled; null before.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? FinishedAt { get; init; }
}

/// <summary>Every download of a pool, live and finished, newest first.</summary>
/// <param name="Downloads">The downloads.</param>
public sealed record DownloadList(IReadOnlyList<Download> Downloads);

/// <summary>What <see cref="Download.Status"/> may be.</summary>
public static class DownloadStatus
{
    /// <summary>Waits for its turn.</summary>
    public const string Queued = "queued";

    /// <summary>Bytes come, or are about to.</summary>
    public const string Downloading = "downloading";

    /// <summary>Waits before it tries again.</summary>
    public const string Retrying = "retrying";

    /// <summary>Stopped until it is resumed.</summary>
    public const string Paused = "paused";

    /// <summary>All bytes are there, or are being read back.</summary>
    public const string Verifying = "verifying";

    /// <summary>The image is a volume of the pool.</summary>
    public const string Completed = "completed";

    /// <summary>Ended by a failure; can be tried again.</summary>
    public const string Failed = "failed";

    /// <summary>Its volume is gone, or will be soon.</summary>
    public const string Cancelled = "cancelled";
}
