using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.State;
using Download = Kimchi.Isod.Contracts.Download;
using DownloadSource = Kimchi.Isod.Contracts.DownloadSource;
using ForgottenDownload = Kimchi.Isod.Contracts.ForgottenDownload;

namespace Kimchi.Isod.Api;

/// <summary>A download in the words of the API.</summary>
internal static class DownloadView
{
    public static Download Describe(DownloadSnapshot snapshot)
    {
        var record = snapshot.Record;
        return new Download
        {
            Id = record.Id,
            Name = record.Volume.Name,
            Pool = record.Volume.Pool,
            Url = record.Url.ToString(),
            Status = StatusOf(snapshot),
            TotalSize = record.ImageSize,
            DownloadedSize = record.StoredBytes,
            Speed = snapshot.BytesPerSecond,
            Eta = (long?)snapshot.TimeLeft?.TotalSeconds,
            LimitRate = record.LimitRate,
            Resumable = record.IsContinuable,
            Checksum = record.Checksum?.ToString(),
            ChecksumSource = record.ChecksumSource,
            Verified = VerificationView.Describe(record),
            Durable = record.Token is null ? null : record.FileIdentity is not null,
            Attempts = record.Attempts,
            Connections = snapshot.Connections,
            Sources = [.. snapshot.Sources.Select(Describe)],
            Warning = record.Warning,
            Error = (record.Failure ?? snapshot.Trouble) is { } failure ? ErrorCatalog.Describe(failure) : null,
            CreatedAt = Milliseconds(record.CreatedAt),
            StartedAt = Milliseconds(record.StartedAt),
            FinishedAt = Milliseconds(record.FinishedAt),
        };
    }

    private static DownloadSource Describe(SourceActivity source) => new()
    {
        Url = source.Url,
        Bytes = source.Bytes,
        Speed = source.BytesPerSecond,
        Status = StatusOf(source.Status),
        Error = source.Error,
    };

    // As the state store keeps them: a download shows the same times after a restart.
    private static DateTimeOffset Milliseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));

    private static DateTimeOffset? Milliseconds(DateTimeOffset? time) => time is { } known ? Milliseconds(known) : null;

    public static DownloadList Describe(IEnumerable<DownloadSnapshot> snapshots) => new([.. snapshots.Select(Describe)]);

    public static ForgottenDownload Describe(Core.State.ForgottenDownload forgotten) => new(forgotten.Id, forgotten.Volume.Pool, forgotten.Volume.Name);

    /// <summary>One of <see cref="DownloadStatus"/>.</summary>
    public static string StatusOf(DownloadSnapshot snapshot) => snapshot.Record.State switch
    {
        DownloadState.Preparing or DownloadState.Queued => DownloadStatus.Queued,
        DownloadState.Running => StatusOf(snapshot.Phase),
        DownloadState.Paused => DownloadStatus.Paused,
        DownloadState.Completed => DownloadStatus.Completed,
        DownloadState.Failed => DownloadStatus.Failed,
        DownloadState.Canceling or DownloadState.Canceled => DownloadStatus.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(snapshot)),
    };

    private static string StatusOf(SourceStatus status) => status switch
    {
        SourceStatus.Standby => DownloadSourceStatus.Standby,
        SourceStatus.Active => DownloadSourceStatus.Active,
        SourceStatus.Failed => DownloadSourceStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    private static string StatusOf(RunPhase phase) => phase switch
    {
        RunPhase.Transferring => DownloadStatus.Downloading,
        RunPhase.Retrying => DownloadStatus.Retrying,
        RunPhase.Verifying or RunPhase.Publishing => DownloadStatus.Verifying,
        _ => throw new ArgumentOutOfRangeException(nameof(phase)),
    };
}
