using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Running;

/// <summary>Fetches what is missing of an image: opens the source at the first missing range, and moves its bytes into the volume. The other
/// ranges are fetched with it where several connections are faster.</summary>
internal sealed class Fetcher(Download download, RunControl run, ConnectionRamp ramp, DownloadServices services) : ITransferListener
{
    private OwnedVolume? _volume;
    private IRemoteFile? _file;
    private DownloadSource _source = download.Source;
    private MissingRange? _gap;
    private bool _isByParts;
    private bool _hadSeveral;

    /// <summary>Fetches the first range that is missing, as far as it can be.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <param name="isFresh">Whether nothing was ever written to the volume.</param>
    public async Task RunAsync(IRemoteFile? opened, bool isFresh)
    {
        await services.Space.CheckRemainderAsync(download.Image, run.Stopping);
        var continuation = new Continuation(download, run, services);
        _source = download.Source;
        await using var file = await OpenAsync(continuation, opened);
        if (opened is null || !isFresh) await RestartUnlessContinuingAsync(file, isFresh, continuation.Restart);
        if (download.Record.StoredBytes == 0) download.NoteVersionOfSource();
        _file = file;
        using var counted = services.Hosts.Count(file.Info.FinalUrl.Uri.Authority);
        var record = download.Record;
        services.Logger.TransferBegins(record.Volume, record.ImagePosition, record.ImageSize);
        await using var volume = await DownloadVolume.OpenAsync(download.Image, run.Id, services.Volumes);
        _volume = volume;
        if (download.Image.FirstGap is not { } missing) return; // The file is empty now.
        var overlap = await BlockingWork.RunAsync(() => FindOverlap(SourceMapping.ImageOffset(file.SourceOffset), missing.Start, volume));
        TransferEnd end;
        try
        {
            end = await MoveAsync(file, overlap, NewStorage(volume, missing));
        }
        catch (DownloadException e) when (overlap.IsRefuted && file.SourceOffset == 0)
        {
            // All of the file as it is now, and what is stored is not of it.
            services.Logger.StartingAgain(record.Volume, e.Message);
            download.Image.Drop();
            throw;
        }
        finally
        {
            // However it ended: what a stopped download has is there after a loss of power, too.
            if (!run.Aborting.IsCancellationRequested) await BlockingWork.RunAsync(() => VolumeFlush.Run(download.Image, volume));
        }

        if (end is TransferEnd.Complete) CheckEnd(_gap!, _hadSeveral ? EndEvidence.Told : file.End);
    }

    private async Task<IRemoteFile> OpenAsync(Continuation continuation, IRemoteFile? opened)
    {
        try
        {
            return await continuation.OpenAsync(opened);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.RemoteUnreadable)
        {
            _source.Leave(e.Message);
            throw;
        }
    }

    private WindowedStorage NewStorage(OwnedVolume volume, MissingRange missing)
    {
        download.Image.RewindDigest();
        var digest = new DigestFollower(download.Image.Digest);
        return new WindowedStorage(volume, missing, download.Image.LoadHead(), digest, this, services.Options, services.Time, run.Aborting);
    }

    private Overlap FindOverlap(long sentStart, long missingStart, OwnedVolume volume)
    {
        if (sentStart >= missingStart) return Overlap.None;
        var head = download.Image.LoadHead();
        var length = (int)Math.Min(RemoteRequest.MostCompared, missingStart - sentStart);
        var start = missingStart - length;
        using var stored = new MemoryStream(length);
        if (start < head.Length) stored.Write(head.AsSpan((int)start, (int)Math.Min(head.Length - start, length)));
        if (stored.Length < length) volume.Read(start + stored.Length, length - stored.Length, piece => stored.Write(piece));
        return new Overlap(missingStart - sentStart, stored.ToArray());
    }

    private async Task<TransferEnd> MoveAsync(IRemoteFile file, Overlap overlap, WindowedStorage storage)
    {
        try
        {
            download.Speed.Start();
            download.Connections = 1;
            _source.Connect();
            var end = await BlockingWork.RunAsync(() => Move(file, overlap, storage));
            return end is TransferEnd.Stopped ? throw new OperationCanceledException(run.Stopping) : end;
        }
        catch (DownloadException e) when (e.IsTransient && e.Kind is DownloadErrorKind.VolumeLost or DownloadErrorKind.NoSpace)
        {
            // libvirt loses bytes on a full disk and reports success: the numbers tell the user more.
            await services.Space.CheckRemainderAsync(download.Image, run.Stopping);
            throw;
        }
        finally
        {
            download.Speed.Stop();
            download.Connections = 0;
            _source.Disconnect();
        }
    }

    private TransferEnd Move(IRemoteFile file, Overlap overlap, WindowedStorage to)
    {
        using var storage = to;
        RateLimit[] limits = [download.Limit, services.Limit];
        var several = new SegmentedFetch(download, _source, file, ramp, limits, services);
        var pipeline = new TransferPipeline(services.Options, limits, this, PassThrough.Instance, services.Time, () => several.IsDue(storage));
        var end = RunOne(pipeline, file, overlap, storage);
        while (end is TransferEnd.Enough)
        {
            end = RunSeveral(several, storage);
            if (end is not TransferEnd.Enough || !several.IsFileKept) break;
            end = RunOne(pipeline, file, Overlap.None, storage);
        }

        storage.Complete();
        _gap = storage.Missing;
        return end;
    }

    private TransferEnd RunOne(TransferPipeline pipeline, IRemoteFile file, Overlap overlap, WindowedStorage storage)
    {
        var start = storage.Position;
        try
        {
            return pipeline.Run(file, overlap, storage, run.Stopping);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.RemoteUnreadable)
        {
            _source.Leave(e.Message);
            throw;
        }
        finally
        {
            if (storage.Position > start) download.Image.Origins.Note(_source, new ImageRange(start, storage.Position));
        }
    }

    private TransferEnd RunSeveral(SegmentedFetch several, WindowedStorage storage)
    {
        storage.Complete(); // What is missing is known by the record only.
        _isByParts = _hadSeveral = true;
        _source.Disconnect();
        try
        {
            return several.Run(storage, this, run.Stopping);
        }
        finally
        {
            _source.Connect();
            _isByParts = false;
            download.Connections = 1;
        }
    }

    private async Task RestartUnlessContinuingAsync(IRemoteFile file, bool isFresh, string? reason)
    {
        var record = download.Record;
        if (record.StoredBytes > 0 && reason is null) return;
        if (isFresh && record.Version.CompareWith(file.Info.Version) is not VersionMatch.Different && record.SourceSize == file.Info.SourceSize)
        {
            download.Change(r => r with { Version = file.Info.Version });
            return;
        }

        if (reason is not null) services.Logger.StartingAgain(record.Volume, reason);
        download.Image.BeginAgain(file.Info);
        await services.Space.RecreateVolumeAsync(download.Image, run.Stopping);
    }

    private void CheckEnd(MissingRange missing, EndEvidence evidence)
    {
        var record = download.Record;
        if (missing.End is { } end && record.ImagePosition < end)
        {
            throw DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable,
                $"the server ended the transfer after {record.ImagePosition} of {end} bytes{ImageEnd.WhyNoPartFollows(record, evidence)}");
        }

        if (missing.IsInside && !(_hadSeveral && download.Image.IsWhole)) return;
        if (record.ImagePosition == 0)
            throw new DownloadException(DownloadErrorKind.NotAnImage, "the file is empty");
        JudgeEnd(evidence);
    }

    private void JudgeEnd(EndEvidence evidence)
    {
        var record = download.Record;
        var judged = ImageEnd.Judge(record, download.Image.LoadHead(), evidence, services.Options.UnprovenEnd);
        if (judged != record) download.Change(r => r with { Version = judged.Version, Warning = judged.Warning, Doubt = judged.Doubt });
    }

    void ITransferListener.BytesReceived(int count)
    {
        download.Speed.Count(count);
        ramp.Count(count);
        if (!_isByParts) _source.Count(count);
        services.Statistics.Received(count);
    }

    void ITransferListener.HeadReceived(ReadOnlySpan<byte> head)
    {
        if (head.Length == HeldHead.Size)
        {
            ImageInspector.Inspect(head, services.Options.Accept);
            ImageEnd.RequireProvable(download.Record, head, _file!.End, services.Options.UnprovenEnd);
        }

        download.Image.KeepHead(head);
    }

    void ITransferListener.MakeRoom(long end) =>
        new PatientWait().End(services.Space.PromiseGrowthAsync(download.Image, end, run.Stopping));

    void ITransferListener.WindowStored(Window window)
    {
        DownloadVolume.CheckCapacity(download.Record, _volume!, window.End);
        download.Image.KeepWindow(window);
        // What was sent again has proven to be what is stored: the server does continue.
        if (download.Record.RangeRefusals > 0 && _file!.SourceOffset > 0) download.Change(r => r with { RangeRefusals = 0 });
    }

    void ITransferListener.Connected(int connections)
    {
        if (download.Connections == connections) return;
        download.Connections = connections;
        services.Logger.Connected(download.Record.Volume, connections, download.Speed.BytesPerSecond);
    }

    MissingRange? ITransferListener.NextMissing()
    {
        download.Image.CatchUpDigest(_volume!, run.Aborting);
        return download.Image.FirstGap;
    }
}
