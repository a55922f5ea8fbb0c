using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>A download at one moment.</summary>
/// <param name="Record">Its record.</param>
/// <param name="Phase">What it does while it runs.</param>
/// <param name="BytesPerSecond">How fast bytes come.</param>
/// <param name="Trouble">Why it waits before it tries again; null when it does not.</param>
public sealed record DownloadSnapshot(DownloadRecord Record, RunPhase Phase, long BytesPerSecond, DownloadFailure? Trouble)
{
    /// <summary>A download that has ended.</summary>
    public DownloadSnapshot(DownloadRecord record)
        : this(record, RunPhase.Transferring, 0, null) => Sources = SourceActivity.Of(record);

    /// <summary>How many connections it has; 0 while it does not transfer.</summary>
    public int Connections { get; init; }

    /// <summary>Where its file is: at its address first, and at its mirrors. Empty for a download that a version has ended which noted nothing of it.</summary>
    public IReadOnlyList<SourceActivity> Sources { get; init; } = [];

    /// <summary>How long the rest takes at this speed; null where that cannot be told.</summary>
    public TimeSpan? TimeLeft => Record is { State: DownloadState.Running, ImageSize: { } size } && BytesPerSecond > 0
        ? TimeSpan.FromSeconds(Math.Ceiling((double)(size - Record.StoredBytes) / BytesPerSecond))
        : null;
}
