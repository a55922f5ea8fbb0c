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
    private IRemoteFile? _file;

    /// <summary>Goes through all that is left to do.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <param name="isFresh">Whether nothing was ever written to the volume.</param>
    public async Task RunAsync(IRemoteFile? opened, bool isFresh)
    {
        await FetchAsync(opened, isFresh);
        var publication = new ImagePublication(download, run, services);
        try
        {
            await publication.RunAsync();
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.ChecksumMismatch && download.Record.Doubt is JoinDoubt.Weak)
        {
            services.Logger.StartingAgain(download.Record.Pool, download.Record.Name, $"its parts were joined on weak evidence, and {e.Message}");
            download.FetchAgain();
            await FetchAsync(null, isFresh: false);
            await publication.RunAsync();
        }
    }

    private async Task FetchAsync(IRemoteFile? opened, bool isFresh)
    {
        await _stored.VerifyAsync();
        while (!IsFetched || download.Record.IsSuspect)
        {
            await TransferAsync(opened, isFresh);
            (opened, isFresh) = (null, false);
            await _stored.VerifyTransferredAsync();
        }

        if (services.Options.Verify is VerifyPolicy.Full && !await _stored.VerifyAllAsync())
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the volume does not hold what was written to it");
    }

    private bool IsFetched => download.Record is { Size: { } size } record && record.Position == size;

    private async Task TransferAsync(IRemoteFile? opened, bool isFresh)
    {
        await services.Space.CheckRemainderAsync(download, run.Stopping);
        var continuation = new Continuation(download, run, services);
        await using var file = await continuation.OpenAsync(opened);
        if (opened is null || !isFresh) await RestartUnlessContinuingAsync(file, isFresh, continuation.Restart);
        _file = file;
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

        CheckEnd(part, file.End);
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

    private async Task RestartUnlessContinuingAsync(IRemoteFile file, bool isFresh, string? reason)
    {
        var record = download.Record;
        if (record.Position > 0 && reason is null) return;
        if (isFresh && record.Version.CompareWith(file.Info.Version) is not VersionMatch.Different && record.Size == file.Info.Size)
        {
            download.Change(r => r with { Version = file.Info.Version });
            return;
        }

        if (reason is not null) services.Logger.StartingAgain(record.Pool, record.Name, reason);
        download.Restart(file.Info, record.Allocation);
        await services.Space.RecreateVolumeAsync(download, services, run.Stopping);
    }

    private void CheckEnd(MissingPart part, EndEvidence evidence)
    {
        var record = download.Record;
        if (part.End is { } end && record.Position != end)
        {
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"the server ended the transfer after {record.Position} of {end} bytes");
        }

        if (part.IsInside) return;
        if (record.Position == 0)
            throw new DownloadException(DownloadErrorKind.NotAnImage, "the file is empty");
        var head = services.Store.LoadHead(record.Id) ?? [];
        var judged = ImageEnd.Judge(record, head, evidence, services.Options.UnprovenEnd);
        if (judged != record) download.Change(r => r with { Version = judged.Version, Warning = judged.Warning, Doubt = judged.Doubt });
    }

    void ITransferSink.BytesReceived(int count)
    {
        download.Speed.Count(count);
        services.Statistics.Received(count);
    }

    void ITransferSink.HeadReceived(ReadOnlySpan<byte> head)
    {
        if (head.Length == ImageHead.Size)
        {
            ImageInspector.Inspect(head, services.Options.Accept);
            ImageEnd.RequireProvable(download.Record, head, _file!.End, services.Options.UnprovenEnd);
        }

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
