using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
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
        lock (Gate)
        {
            if (Record.State is not (DownloadState.Queued or DownloadState.Running)) throw Refusals.NotOngoing(Record, "paused");
            if (!Record.IsContinuable) throw Refusals.NotPausable(Record);
            if (Record.State is DownloadState.Queued)
            {
                MoveTo(DownloadState.Paused);
                return;
            }

            end = StopRun(StopReason.Pause);
        }

        if (await end is not DownloadState.Paused) throw Refusals.NotOngoing(Record, "paused");
    }

    /// <summary>Lets a paused download wait for a slot again.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotPaused"/>.</exception>
    public void Resume()
    {
        lock (Gate)
        {
            if (Record.State is not DownloadState.Paused) throw Refusals.NotPaused(Record);
            MoveTo(DownloadState.Queued);
        }
    }

    /// <summary>Lets a failed download wait for a slot again; it goes on from its last good byte.</summary>
    /// <param name="isLost">Whether its volume is gone, so that it begins again at the first byte.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotFailed"/>.</exception>
    public void Retry(bool isLost)
    {
        lock (Gate)
        {
            if (Record.State is not DownloadState.Failed) throw Refusals.NotFailed(Record);
            if (isLost) Image.Drop();
            if (!Sources.Exists(source => !source.IsRejected)) Sources.ForEach(source => source.Forgive(evenIfRejected: true));
            MoveTo(DownloadState.Queued, r => r with { Failure = null });
        }
    }

    /// <summary>Changes the download's own limit, of a transfer in progress at once.</summary>
    /// <param name="bytesPerSecond">The limit, or 0 for none.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.FieldInvalid"/>, or
    /// <see cref="DownloadErrorKind.NotOngoing"/>: it has ended, or is about to.</exception>
    public void SetLimit(long bytesPerSecond)
    {
        RateLimit.Check(bytesPerSecond);
        lock (Gate)
        {
            if (!Record.State.IsLive() || Record.State is DownloadState.Canceling) throw Refusals.NotOngoing(Record, "limited");
            _live.Change(r => r with { LimitRate = bytesPerSecond });
            Limit.BytesPerSecond = bytesPerSecond;
        }
    }

    /// <summary>Cancels the download. Callers at the same time share one cancellation.</summary>
    /// <param name="cancel">Does it: <see cref="BeginCancelAsync"/>, then the deletion of the volume, then <see cref="EndCancel"/>.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOngoing"/>, or why it could not be cancelled.</exception>
    internal Task CancelOnceAsync(Func<Task> cancel)
    {
        lock (Gate)
        {
            if (!Record.State.IsLive()) throw Refusals.NotOngoing(Record, "cancelled");
            if (_cancellation is null or { IsFaulted: true }) _cancellation = Task.Run(cancel, CancellationToken.None);
            return _cancellation;
        }
    }

    /// <summary>Stops the download, so that its volume can be deleted.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOngoing"/>: it has ended meanwhile.</exception>
    internal async Task BeginCancelAsync()
    {
        Task<DownloadState>? end;
        lock (Gate) end = Record.State is DownloadState.Running ? StopRun(StopReason.Cancel) : null;
        if (end is not null) await end;
        lock (Gate)
        {
            if (!Record.State.IsLive()) throw Refusals.NotOngoing(Record, "cancelled");
            if (Record.State is not DownloadState.Canceling) MoveTo(DownloadState.Canceling);
        }
    }

    /// <summary>Ends the cancellation.</summary>
    /// <param name="failure">Why the volume could not be deleted; then the download has failed, and can be cancelled again.</param>
    internal void EndCancel(DownloadException? failure)
    {
        lock (Gate)
        {
            if (failure is null) MoveTo(DownloadState.Canceled);
            else MoveTo(DownloadState.Failed, r => r with { Failure = new(failure.Kind, $"cancelling: {failure.Message}") });
        }
    }

    /// <summary>Forgets a failed download. Its volume stays.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOver"/>.</exception>
    internal void Forget()
    {
        lock (Gate)
        {
            if (Record.State is not DownloadState.Failed || _cancellation is { IsCompleted: false }) throw Refusals.NotOver(Record);
            MoveTo(DownloadState.Canceled, save: r =>
            {
                _live.Store.Remove(r.Id);
                IsForgotten = true;
            });
        }
    }

    /// <summary>Stops the run, if there is one, so that it goes on when the daemon starts again.</summary>
    /// <returns>A task that ends with the run.</returns>
    internal Task ShutDownAsync()
    {
        lock (Gate)
        {
            return Record.State is DownloadState.Running ? StopRun(StopReason.Shutdown) : Task.CompletedTask;
        }
    }

    private Task<DownloadState> StopRun(StopReason reason)
    {
        var run = _run ?? throw new InvalidOperationException("a running download has a run");
        run.Stop(reason);
        return run.End;
    }
}
