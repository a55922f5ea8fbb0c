using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Repair;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;

namespace Kimchi.Isod.Core.Running;

/// <summary>Does the work of a download's run: tries, tries again where that can help, and ends in the state that follows.</summary>
internal sealed class DownloadJob(Download download, RunControl run, DownloadServices services)
{
    /// <summary>Runs to the end. Never throws: what goes wrong becomes the download's state.</summary>
    /// <param name="opened">The file as the start has opened it, or null.</param>
    public async Task RunAsync(IRemoteFile? opened)
    {
        var isPublished = false;
        DownloadFailure? failure = null;
        try
        {
            await TryUntilPublishedAsync(opened);
            isPublished = true;
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            // The download says what follows: it knows who stopped it.
        }
        catch (DownloadException e) when (e.IsTransient && run.Stopping.IsCancellationRequested)
        {
            // It would have been tried again; the user's command comes first.
        }
        catch (DownloadException e)
        {
            failure = new DownloadFailure(e.Kind, e.Message);
            LogFailure(e, e.Message);
        }
        catch (Exception e) // Whatever it is, the daemon and its other downloads go on.
        {
            failure = new DownloadFailure(DownloadErrorKind.Unforeseen, "an unforeseen error; the daemon's log has the details");
            LogFailure(e, e.Message);
        }

        if (failure?.Kind is DownloadErrorKind.NotAnImage or DownloadErrorKind.ChecksumMismatch or DownloadErrorKind.SignatureMismatch) await DeleteRefusedAsync();
        End(failure, isPublished);
    }

    private async Task TryUntilPublishedAsync(IRemoteFile? opened)
    {
        var schedule = new RetrySchedule(services.Options, download.Record.StoredBytes);
        var repair = new ImageRepair(download, run, services);
        var isFresh = download.Record.Attempts == 1;
        while (true)
        {
            try
            {
                await new DownloadAttempt(download, run, repair, services).RunAsync(opened, isFresh);
                return;
            }
            catch (DownloadException e) when (!e.IsTransient && e.Kind is DownloadErrorKind.RemoteUnreadable && HasAnotherSource(e))
            {
                (opened, isFresh) = (null, false);
            }
            catch (DownloadException e) when (e.IsTransient && !run.Stopping.IsCancellationRequested)
            {
                if (e.IsUnusableRest) download.Note(r => r with { RangeRefusals = r.RangeRefusals + 1 });
                (opened, isFresh) = (null, false);
                if (schedule.NextDelay(e, download.Record.StoredBytes) is not { } delay)
                {
                    if (e.Kind is DownloadErrorKind.RemoteUnreadable && HasAnotherSource(e)) continue;
                    throw;
                }

                if (e.Kind is DownloadErrorKind.RemoteUnreadable && MayGoElsewhere) download.TryNextSource();
                await WaitAsync(e, delay);
            }
        }
    }

    // Without a checksum another source would have to begin at the first byte: the one that there is may come back.
    private bool MayGoElsewhere => download.Record.StoredBytes == 0 || Continuation.IsJudged(download.Record);

    // One that does not have the file is not asked again in this run.
    private bool HasAnotherSource(DownloadException failure)
    {
        var source = download.Source;
        if (run.Stopping.IsCancellationRequested || !download.TryNextSource()) return false;
        source.Fail(failure.Message);
        services.Logger.SourceFailed(download.Record.Volume, source.Url.ToString(), failure.Message);
        return true;
    }

    private async Task WaitAsync(DownloadException failure, TimeSpan delay)
    {
        var record = download.Record;
        services.Logger.Retrying(record.Volume, delay, failure.Message);
        NoteRetry(failure);
        services.Statistics.TriedAgain();
        download.Enter(RunPhase.Retrying, new DownloadFailure(failure.Kind, failure.Message));
        await Task.Delay(delay, services.Time, run.Stopping);
        download.Enter(RunPhase.Transferring);
    }

    private void NoteRetry(DownloadException failure)
    {
        var isStorageInDoubt = failure.Kind is DownloadErrorKind.LibvirtUnreachable or DownloadErrorKind.VolumeLost;
        try
        {
            download.Note(r => (isStorageInDoubt ? ImageTrust.Doubted(r) : r) with { Attempts = r.Attempts + 1 });
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.StoreFailed)
        {
            services.Logger.RetryNotStored(download.Record.Volume, e.Message);
        }
    }

    private async Task DeleteRefusedAsync()
    {
        var record = download.Record;
        try
        {
            download.Image.Drop();
            await DownloadVolume.DeleteAsync(record, services.Volumes);
        }
        catch (DownloadException e)
        {
            services.Logger.VolumeNotDeleted(e, record.Volume, e.Message);
        }
    }

    private void End(DownloadFailure? failure, bool isPublished)
    {
        var record = download.Record;
        try
        {
            var state = download.EndRun(failure, isPublished);
            if (state is DownloadState.Completed) services.Logger.Completed(record.Volume, record.ImageSize);
            else if (failure is null) services.Logger.Stopped(record.Volume, run.Reason, record.StoredBytes);
        }
        catch (Exception e) // The run has ended all the same; the record on disk still says that it runs, so a restart continues it.
        {
            services.Logger.EndNotStored(e, record.Volume);
        }
    }

    private void LogFailure(Exception exception, string reason)
    {
        var record = download.Record;
        services.Logger.Failed(exception is DownloadException ? null : exception, record.Volume, reason);
    }
}
