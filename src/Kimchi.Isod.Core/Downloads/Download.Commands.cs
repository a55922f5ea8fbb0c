using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Downloads;

/// <content>What users ask of a download.</content>
public sealed partial class Download
{
    /// <summary>Stops the download where it is. Returns when no data moves any more and all that was received is on disk.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOngoing"/> or
    /// <see cref="DownloadErrorKind.NotPausable"/>.</exception>
    public async Task PauseAsync()
    {
        Task<DownloadState> end;
        lock (_gate)
        {
            if (_record.State is not (DownloadState.Queued or DownloadState.Running)) throw NotOngoing("paused");
            if (!_record.IsContinuable) throw NotPausable();
            if (_record.State is DownloadState.Queued)
            {
                MoveTo(DownloadState.Paused);
                return;
            }

            end = StopRun(StopReason.Pause);
        }

        if (await end is not DownloadState.Paused) throw NotOngoing("paused");
    }

    /// <summary>Lets a paused download wait for a slot again.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotPaused"/>.</exception>
    public void Resume()
    {
        lock (_gate)
        {
            if (_record.State is not DownloadState.Paused)
            {
                throw new DownloadException(
                    DownloadErrorKind.NotPaused, $"the download of {Shown} is {Describe(_record.State)}, not paused");
            }

            MoveTo(DownloadState.Queued);
        }
    }

    /// <summary>Lets a failed download wait for a slot again; it goes on from its last good byte.</summary>
    /// <param name="isLost">Whether its volume is gone, so that it begins again at the first byte.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotFailed"/>.</exception>
    public void Retry(bool isLost)
    {
        lock (_gate)
        {
            if (_record.State is not DownloadState.Failed)
            {
                throw new DownloadException(
                    DownloadErrorKind.NotFailed, $"the download of {Shown} is {Describe(_record.State)}; only a failed one can be tried again");
            }

            if (isLost) DropBytes();
            MoveTo(DownloadState.Queued, r => r with { Failure = null });
        }
    }

    /// <summary>Changes the download's own limit, of a transfer in progress at once.</summary>
    /// <param name="bytesPerSecond">The limit, or 0 for none.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.FieldInvalid"/>, or
    /// <see cref="DownloadErrorKind.NotOngoing"/>: it is over, or will be soon.</exception>
    public void SetLimit(long bytesPerSecond)
    {
        RateLimit.Check(bytesPerSecond);
        lock (_gate)
        {
            if (!_record.State.IsLive() || _record.State is DownloadState.Canceling) throw NotOngoing("limited");
            Store(_record with { LimitRate = bytesPerSecond });
            Limit.BytesPerSecond = bytesPerSecond;
        }
    }

    /// <summary>Stops the download and deletes its volume. Callers at the same time share one cancellation.</summary>
    /// <param name="deleteVolume">Deletes the volume and gives its space back.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOngoing"/>, or why the volume could not be
    /// deleted; then the download has failed and can be cancelled again.</exception>
    public Task CancelAsync(Func<Task> deleteVolume)
    {
        lock (_gate)
        {
            if (!_record.State.IsLive()) throw NotOngoing("cancelled");
            if (_cancellation is null or { IsFaulted: true }) _cancellation = CancelOnceAsync(deleteVolume);
            return _cancellation;
        }
    }

    /// <summary>Forgets a failed download. Its volume stays.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOver"/>.</exception>
    internal void Forget()
    {
        lock (_gate)
        {
            if (_record.State is not DownloadState.Failed || _cancellation is { IsCompleted: false })
            {
                throw new DownloadException(
                    DownloadErrorKind.NotOver, $"the download of {Shown} is {Describe(_record.State)}; cancel it, or wait for its end");
            }

            _store.Remove(_record.Id);
            _record = _record with { State = DownloadState.Canceled };
            IsForgotten = true;
        }
    }

    /// <summary>Stops the run, if there is one, so that it goes on when the daemon starts again.</summary>
    /// <returns>A task that ends with the run.</returns>
    internal Task ShutDownAsync()
    {
        lock (_gate)
        {
            return _record.State is DownloadState.Running ? StopRun(StopReason.Shutdown) : Task.CompletedTask;
        }
    }

    private async Task CancelOnceAsync(Func<Task> deleteVolume)
    {
        await Task.Yield(); // Out of the caller's lock.
        await StopForCancelAsync();
        lock (_gate)
        {
            if (!_record.State.IsLive()) throw NotOngoing("cancelled");
            if (_record.State is not DownloadState.Canceling) MoveTo(DownloadState.Canceling);
        }

        try
        {
            await deleteVolume();
        }
        catch (DownloadException e)
        {
            lock (_gate) MoveTo(DownloadState.Failed, r => r with { Failure = new(e.Kind, $"cancelling: {e.Message}") });
            throw;
        }

        lock (_gate) MoveTo(DownloadState.Canceled);
    }

    private Task StopForCancelAsync()
    {
        lock (_gate) return _record.State is DownloadState.Running ? StopRun(StopReason.Cancel) : Task.CompletedTask;
    }

    private Task<DownloadState> StopRun(StopReason reason)
    {
        var run = _run ?? throw new InvalidOperationException("a running download has a run");
        run.Stop(reason);
        return run.End;
    }

    private DownloadException NotOngoing(string verb) => new(
        DownloadErrorKind.NotOngoing,
        $"the download of {Shown} is {Describe(_record.State)} and cannot be {verb}");

    private DownloadException NotPausable() => new(
        DownloadErrorKind.NotPausable,
        $"the download of {Shown} cannot be paused: {WhyNotContinuable(_record)}");

    private static string WhyNotContinuable(DownloadRecord record)
    {
        if (record.Size is null) return "its server does not tell the file's size; let it finish, or cancel it";
        if (!record.IsResumable) return "its server cannot continue a transfer in the middle; let it finish, or cancel it";
        return "its server tells no version of the file that would prove the rest to be of the same one (a strong ETag, or a Last-Modified " +
            "that is at least a second old); let it finish, or start it with a checksum, which judges the whole";
    }

    private string Shown => VolumeName.Quote(_record.Name);

    private static string Describe(DownloadState state) => state switch
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
}
