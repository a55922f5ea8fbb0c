using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>One try at a download, from its first missing byte to the published image.</summary>
internal sealed class DownloadAttempt(Download download, DownloadRun run, DownloadServices services) : ITransferSink
{
    /// <summary>Goes through all that is left to do.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <param name="isFresh">Whether nothing was ever written to the volume.</param>
    public async Task RunAsync(IRemoteFile? opened, bool isFresh)
    {
        if (download.Record is { IsSuspect: true, Position: > 0 }) await VerifyAsync();
        if (!IsFetched) await TransferAsync(opened, isFresh);
        if (services.Options.Verify is VerifyPolicy.Full) await VerifyBeforePublishingAsync();
        await PublishAsync();
    }

    private bool IsFetched => download.Record is { Size: { } size } record && record.Position == size;

    private async Task TransferAsync(IRemoteFile? opened, bool isFresh)
    {
        await using var file = opened ?? await OpenRemoteAsync();
        if (opened is null || !isFresh) await RestartUnlessContinuingAsync(file, isFresh);
        var record = download.Record;
        services.Logger.TransferBegins(record.Pool, record.Name, record.Position, record.Size);
        using var volume = await OpenVolumeAsync();
        var head = services.Store.LoadHead(record.Id) ?? [];
        var storage = new WindowedStorage(
            volume, record.Size, head, record.Position, this, services.Options, run.Aborting);
        var pipeline = new TransferPipeline(services.Options, services.Limiter, services.Time);
        if (!await pipeline.RunAsync(file, storage, run.Stopping)) throw new OperationCanceledException(run.Stopping);
        CheckEnd();
    }

    private Task<IRemoteFile> OpenRemoteAsync()
    {
        var record = download.Record;
        var expected = record.Position > 0 ? record.Version : null;
        return services.Source.OpenAsync(
            new RemoteRequest(record.Url, record.Credentials, record.Position, expected), run.Stopping);
    }

    private async Task RestartUnlessContinuingAsync(IRemoteFile file, bool isFresh)
    {
        var record = download.Record;
        var isSame = record.Version.IsSameVersion(file.Info.Version);
        if (record.Position > 0 && file.Offset == record.Position) return;
        if (isFresh && isSame) return;
        if (record.Position > 0)
        {
            services.Logger.StartingAgain(record.Pool, record.Name, isSame
                ? "the server cannot continue in the middle"
                : "the remote file has changed");
        }

        download.Restart(file.Info, record.Allocation);
        var allocation = await services.Space.RecreateVolumeAsync(download, file.Info.Size, run.Stopping);
        download.Change(r => r with { Allocation = allocation });
    }

    private void CheckEnd()
    {
        var record = download.Record;
        if (record.Size is { } size)
        {
            if (record.Position == size) return;
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"the server ended the transfer after {record.Position} of {size} bytes");
        }

        if (record.Position == 0)
            throw new DownloadException(DownloadErrorKind.NotAnImage, "the file is empty");
        download.Change(r => r with { Version = r.Version with { Size = r.Position } });
    }

    private async Task VerifyAsync()
    {
        download.Phase = RunPhase.Verifying;
        var record = download.Record;
        var head = services.Store.LoadHead(record.Id) ?? [];
        var windows = services.Store.LoadWindows(record.Id);
        using var volume = await OpenVolumeAsync();
        var end = await BlockingWork.RunAsync(() => WindowVerifier.FindEnd(volume, head, windows, run.Stopping));
        if (end < record.Position)
        {
            services.Logger.WindowsLost(record.Pool, record.Name, end, record.Position);
            download.Truncate(end);
        }

        download.Change(r => r with { IsSuspect = false });
        download.Phase = RunPhase.Transferring;
    }

    private async Task VerifyBeforePublishingAsync()
    {
        await VerifyAsync();
        if (!IsFetched)
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the volume does not hold what was written to it");
    }

    private async Task PublishAsync()
    {
        run.Stopping.ThrowIfCancellationRequested();
        download.Phase = RunPhase.Publishing;
        var head = services.Store.LoadHead(download.Record.Id)
            ?? throw new InvalidOperationException("a fetched image has a head");
        ImageInspector.Inspect(head, services.Options.Accept);
        using var volume = await OpenVolumeAsync();
        await BlockingWork.RunAsync(() => HeadPublisher.Publish(volume, head));
    }

    private async Task<IVolume> OpenVolumeAsync()
    {
        var record = download.Record;
        var volume = await BlockingWork.RunAsync(() => services.Pools.OpenVolume(record.Pool, record.Name));
        if (record.Size is not { } size || record.Allocation is VolumeAllocation.Growing || volume.Capacity >= size) return volume;
        var found = volume.Capacity;
        volume.Dispose();
        throw new DownloadException(
            DownloadErrorKind.VolumeLost,
            $"the volume has {found} bytes instead of {size}: somebody else changed it; cancel the download and start it anew");
    }

    void ITransferSink.HeadReceived(ReadOnlySpan<byte> head)
    {
        if (head.Length == ImageHead.Size) ImageInspector.Inspect(head, services.Options.Accept);
        download.KeepHead(head);
    }

    void ITransferSink.MakeRoom(long end) =>
        services.Space.PromiseGrowthAsync(download, end, run.Stopping).GetAwaiter().GetResult();

    void ITransferSink.WindowStored(Window window) => download.KeepWindow(window);
}
