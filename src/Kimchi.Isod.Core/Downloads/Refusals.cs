using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>The answers to commands that a download in its present state cannot obey.</summary>
internal static class Refusals
{
    /// <summary>It has ended, or is about to.</summary>
    /// <param name="record">The download.</param>
    /// <param name="verb">What cannot be done with it: "paused".</param>
    public static DownloadException NotOngoing(DownloadRecord record, string verb) =>
        new(DownloadErrorKind.NotOngoing, $"{Describe(record)} and cannot be {verb}");

    /// <summary>A pause would lose what is stored.</summary>
    public static DownloadException NotPausable(DownloadRecord record) =>
        new(DownloadErrorKind.NotPausable, $"{Name(record)} cannot be paused: {WhyNotContinuable(record)}");

    /// <summary>Only a paused download can be resumed.</summary>
    public static DownloadException NotPaused(DownloadRecord record) =>
        new(DownloadErrorKind.NotPaused, $"{Describe(record)}, not paused");

    /// <summary>Only a failed download can be tried again.</summary>
    public static DownloadException NotFailed(DownloadRecord record) =>
        new(DownloadErrorKind.NotFailed, $"{Describe(record)}; only a failed one can be tried again");

    /// <summary>Only a download that has ended can be forgotten.</summary>
    public static DownloadException NotOver(DownloadRecord record) =>
        new(DownloadErrorKind.NotOver, $"{Describe(record)}; cancel it, or wait for its end");

    private static string Name(DownloadRecord record) => $"the download of {VolumeName.Quote(record.Volume.Name)}";

    private static string Describe(DownloadRecord record) => $"{Name(record)} is {Words(record.State)}";

    private static string Words(DownloadState state) => state switch
    {
        DownloadState.Queued => "waiting for a slot",
        DownloadState.Running => "running",
        DownloadState.Paused => "paused",
        DownloadState.Completed => "completed",
        DownloadState.Failed => "failed",
        DownloadState.Canceling => "being cancelled",
        DownloadState.Canceled => "cancelled",
        DownloadState.Preparing => "being started",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string WhyNotContinuable(DownloadRecord record)
    {
        if (record.SourceSize is null) return "its server does not tell the file's size; let it finish, or cancel it";
        if (!record.IsResumable) return "its server cannot continue a transfer in the middle; let it finish, or cancel it";
        return "its server tells no version of the file that would prove the rest to be of the same one (a strong ETag, or a Last-Modified " +
            "that is at least a second old); let it finish, or start it with a checksum, which judges the whole";
    }
}
