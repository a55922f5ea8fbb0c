using Kimchi.Isod.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What users can do with downloads: the calls of the RFC, whatever protocol they come by.</summary>
public sealed class DownloadManager(
    DownloadRegistry registry, DownloadScheduler scheduler, DownloadStarter starter, DownloadServices services)
{
    /// <inheritdoc cref="DownloadStarter.StartAsync"/>
    public Task<DownloadRecord> StartAsync(StartRequest request, CancellationToken cancellationToken) =>
        starter.StartAsync(request, cancellationToken);

    /// <summary>Pauses a download: <see cref="Download.PauseAsync"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public Task PauseAsync(string pool, string name) => FindLive(pool, name).PauseAsync();

    /// <summary>Lets a paused download go on as soon as a slot is free: <see cref="Download.Resume"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public async Task ResumeAsync(string pool, string name)
    {
        var download = FindLive(pool, name);
        download.Resume();
        await scheduler.EnqueueAsync(download);
    }

    /// <summary>Cancels a download: <see cref="Download.CancelAsync"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public async Task CancelAsync(string pool, string name)
    {
        var download = FindLive(pool, name);
        await download.CancelAsync(() => services.Pools.DeleteVolumeAsync(pool, name, CancellationToken.None));
        registry.Remove(download);
        services.Logger.Cancelled(pool, name);
    }

    /// <summary>The record of a live download.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>: there is none, or it has
    /// completed or was cancelled; <see cref="DownloadErrorKind.DownloadFailed"/>: why.</exception>
    public DownloadRecord GetStatus(string pool, string name)
    {
        var record = FindLive(pool, name).Record;
        if (!record.State.IsLive()) throw NotFound(record);
        return record.Failure is { } failure && record.State is DownloadState.Failed
            ? throw new DownloadException(
                DownloadErrorKind.DownloadFailed,
                $"the download of {VolumeName.Quote(name)} failed after {record.Position} bytes: {failure.Reason}")
            : record;
    }

    private Download FindLive(string pool, string name)
    {
        if (registry.Find(pool, name) is { } download) return download;
        throw services.Store.FindNewest(pool, name) is { } ended ? NotFound(ended) : new DownloadException(
            DownloadErrorKind.DownloadNotFound, $"no download goes by the name {VolumeName.Quote(name)} in the pool '{pool}'");
    }

    private static DownloadException NotFound(DownloadRecord ended) => new(
        DownloadErrorKind.DownloadNotFound,
        $"the download of {VolumeName.Quote(ended.Name)} is over: it {(ended.State is DownloadState.Completed
            ? "completed, and the image is a volume of the pool" : "was cancelled")}");
}
