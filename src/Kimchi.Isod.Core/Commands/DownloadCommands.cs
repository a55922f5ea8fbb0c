using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;

namespace Kimchi.Isod.Core.Commands;

/// <summary>What users can do with downloads: the calls of the RFC and ours, whatever protocol they come by.</summary>
public sealed class DownloadCommands(
    DownloadRegistry registry, DownloadScheduler scheduler, DownloadStarter starter, DownloadProbe probe, Cancellation cancellation,
    DownloadCatalog catalog, KeepingStart keepingStart, DownloadServices services)
{
    /// <inheritdoc cref="DownloadProbe.RunAsync"/>
    public Task<ProbeResult> ProbeAsync(StartRequest request, CancellationToken cancellationToken) => probe.RunAsync(request, cancellationToken);

    /// <inheritdoc cref="DownloadStarter.StartAsync"/>
    public Task<DownloadRecord> StartAsync(StartRequest request, CancellationToken cancellationToken) =>
        starter.StartAsync(request, cancellationToken);

    /// <inheritdoc cref="KeepingStart.RunAsync"/>
    public Task<KeptDownload> KeepAsync(StartRequest request, CancellationToken cancellationToken) => keepingStart.RunAsync(request, cancellationToken);

    /// <summary>Pauses a download: <see cref="Download.PauseAsync"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public async Task PauseAsync(VolumeId volume)
    {
        var download = await FindLiveAsync(volume);
        await download.PauseAsync();
        scheduler.GiveUpPlace(download);
    }

    /// <summary>Lets a paused download go on as soon as a slot is free: <see cref="Download.Resume"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public async Task ResumeAsync(VolumeId volume)
    {
        var download = await FindLiveAsync(volume);
        download.Resume();
        await scheduler.EnqueueAsync(download);
    }

    /// <summary>Lets a failed download go on from its last good byte, or from the first where its volume is gone: <see cref="Download.Retry"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public async Task RetryAsync(VolumeId volume)
    {
        var download = await FindLiveAsync(volume);
        await FailedDownload.RetryAsync(download, scheduler, services);
    }

    /// <summary>Changes the limit of a live download: <see cref="Download.SetLimit"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the download.</exception>
    public async Task SetLimitAsync(VolumeId volume, long bytesPerSecond) =>
        (await FindLiveAsync(volume)).SetLimit(bytesPerSecond);

    /// <summary>Cancels a download: <see cref="Cancellation.CancelAsync"/>.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, and those of the cancellation.</exception>
    public async Task CancelAsync(VolumeId volume) => await cancellation.CancelAsync(await FindLiveAsync(volume));

    /// <inheritdoc cref="DownloadCatalog.ForgetAsync"/>
    public Task ForgetAsync(VolumeId volume, CancellationToken cancellationToken) => catalog.ForgetAsync(volume, cancellationToken);

    /// <inheritdoc cref="DownloadCatalog.ListAsync"/>
    public Task<IReadOnlyList<DownloadSnapshot>> ListAsync(string pool, CancellationToken cancellationToken) =>
        catalog.ListAsync(pool, cancellationToken);

    /// <inheritdoc cref="DownloadCatalog.GetAsync"/>
    public Task<DownloadSnapshot> GetAsync(VolumeId volume, CancellationToken cancellationToken) =>
        catalog.GetAsync(volume, cancellationToken);

    /// <summary>The record of a live download.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>: there is none, or it has
    /// completed or was cancelled; <see cref="DownloadErrorKind.DownloadFailed"/>: why.</exception>
    public async Task<DownloadRecord> GetStatusAsync(VolumeId volume)
    {
        var record = (await FindLiveAsync(volume)).Record;
        if (!record.State.IsLive()) throw HasEnded(record);
        if (record is not { State: DownloadState.Failed, Failure: { } failure }) return record;
        throw new DownloadException(
            $"the download of {VolumeName.Quote(volume.Name)} failed after {record.StoredBytes} bytes", failure);
    }

    private async Task<Download> FindLiveAsync(VolumeId volume)
    {
        if (registry.Find(volume) is { } download) return download;
        if (services.Store.FindNewest(volume) is { State: not DownloadState.Preparing } ended) throw HasEnded(ended);
        throw await catalog.NotFoundAsync(volume, CancellationToken.None);
    }

    private static DownloadException HasEnded(DownloadRecord ended) => new(
        DownloadErrorKind.DownloadNotFound,
        $"the download of {VolumeName.Quote(ended.Volume.Name)} has ended: it {(ended.State is DownloadState.Completed
            ? "completed, and the image is a volume of the pool" : "was cancelled")}");
}
