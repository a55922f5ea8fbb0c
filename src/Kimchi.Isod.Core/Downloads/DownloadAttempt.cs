using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>One try at a download, from its first missing byte to the published image.</summary>
internal sealed class DownloadAttempt(Download download, DownloadRun run, DownloadServices services) : ITransferSink
{
    private readonly StoredBytes _stored = new(download, run, services);
    private IVolume? _volume;

    /// <summary>Goes through all that is left to do.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <param name="isFresh">Whether nothing was ever written to the volume.</param>
    public async Task RunAsync(IRemoteFile? opened, bool isFresh)
    {
        await _stored.VerifyAsync();
        while (!IsFetched || download.Record.IsSuspect)
        {
            await TransferAsync(opened, isFresh);
            (opened, isFresh) = (null, false);
            await _stored.VerifyAsync();
        }

        if (services.Options.Verify is VerifyPolicy.Full && !await _stored.VerifyAllAsync())
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the volume does not hold what was written to it");
        await new ImagePublication(download, run, services).RunAsync();
    }

    private bool IsFetched => download.Record is { Size: { } size } record && record.Position == size;

    private async Task TransferAsync(IRemoteFile? opened, bool isFresh)
    {
        await services.Space.CheckRemainderAsync(download, run.Stopping);
        await using var file = opened ?? await OpenRemoteAsync();
        if (opened is null || !isFresh) await RestartUnlessContinuingAsync(file, isFresh);
        var record = download.Record;
        services.Logger.TransferBegins(record.Pool, record.Name, record.Position, record.Size);
        using var volume = await DownloadVolume.OpenAsync(download, run, services);
        _volume = volume;
        var head = services.Store.LoadHead(record.Id) ?? [];
        var part = _stored.FindMissing();
        download.Digest?.GoBack(part.Start);
        var digest = download.Digest is { } running ? new DigestThread(running) : null;
        try
        {
            await MoveAsync(file, new WindowedStorage(volume, part, head, digest, this, services.Options, services.Time, run.Aborting));
        }
        finally
        {
            // However it ended: what a stopped download has is there after a loss of power, too.
            if (!run.Aborting.IsCancellationRequested) await BlockingWork.RunAsync(() => VolumeFlush.Run(download, volume, services.Store));
        }

        CheckEnd(part);
    }

    private async Task MoveAsync(IRemoteFile file, WindowedStorage storage)
    {
        try
        {
            var pipeline = new TransferPipeline(services.Options, [download.Limit, services.Limit], this, services.Time);
            download.Speed.Start();
            if (!await pipeline.RunAsync(file, storage, run.Stopping)) throw new OperationCanceledException(run.Stopping);
        }
        catch (DownloadException e) when (e.IsTransient && e.Kind is DownloadErrorKind.VolumeLost or DownloadErrorKind.NoSpace)
        {
            // libvirt loses bytes on a full disk and reports success: the numbers tell the user more.
            await services.Space.CheckRemainderAsync(download, run.Stopping);
            throw;
        }
        finally
        {
            download.Speed.Stop();
        }
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
        await services.Space.RecreateVolumeAsync(download, services, run.Stopping);
    }

    private void CheckEnd(MissingPart part)
    {
        var record = download.Record;
        if (part.End is { } end)
        {
            if (record.Position == end) return;
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"the server ended the transfer after {record.Position} of {end} bytes");
        }

        if (record.Position == 0)
            throw new DownloadException(DownloadErrorKind.NotAnImage, "the file is empty");
        download.Change(r => r with { Version = r.Version with { Size = r.Position } });
    }

    void ITransferSink.BytesReceived(int count)
    {
        download.Speed.Count(count);
        services.Statistics.Received(count);
    }

    void ITransferSink.HeadReceived(ReadOnlySpan<byte> head)
    {
        if (head.Length == ImageHead.Size) ImageInspector.Inspect(head, services.Options.Accept);
        download.KeepHead(head);
    }

    void ITransferSink.MakeRoom(long end) =>
        services.Space.PromiseGrowthAsync(download, end, run.Stopping).GetAwaiter().GetResult();

    void ITransferSink.WindowStored(Window window)
    {
        DownloadVolume.CheckCapacity(download.Record, _volume!, window.End);
        download.KeepWindow(window);
    }
}
