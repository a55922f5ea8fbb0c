using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Downloads;

/// <content>From the start to the end: the transitions that nobody asks for by a command.</content>
public sealed partial class Download
{
    /// <summary>Accepts the start, whose volume is there.</summary>
    /// <param name="startPaused">Whether it waits to be resumed.</param>
    /// <param name="change">What is known of its volume now.</param>
    internal void Accept(bool startPaused, Func<DownloadRecord, DownloadRecord> change)
    {
        lock (Gate) MoveTo(startPaused ? DownloadState.Paused : DownloadState.Queued, change);
    }

    /// <summary>Drops a start that was not accepted, with its record.</summary>
    internal void Abandon()
    {
        lock (Gate) MoveTo(DownloadState.Canceled, save: r => _live.Store.Remove(r.Id));
    }

    /// <summary>Lets a download that was running when the daemon ended wait for a slot again.</summary>
    internal void Requeue()
    {
        lock (Gate) MoveTo(DownloadState.Queued);
    }

    /// <summary>Begins a run, unless the download does not wait for one any more.</summary>
    internal RunControl? TryBegin()
    {
        lock (Gate)
        {
            if (Record.State is not DownloadState.Queued || _cancellation is { IsCompleted: false }) return null;
            MoveTo(DownloadState.Running, r => r with
            {
                StartedAt = r.StartedAt ?? _time.GetUtcNow(),
                Attempts = r.Attempts + 1,
                Failure = null,
            });
            _clock.Start();
            _activity = (RunPhase.Transferring, null);
            Sources.ForEach(source => source.Forgive());
            return _run = new RunControl();
        }
    }

    /// <summary>Notes what the run does.</summary>
    /// <param name="phase">What it does from now on.</param>
    /// <param name="trouble">Why it waits before it tries again.</param>
    internal void Enter(RunPhase phase, DownloadFailure? trouble = null)
    {
        lock (Gate)
        {
            _activity = (phase, trouble);
            _live.RaiseChanged();
        }
    }

    /// <summary>Ends the run. The state that follows is what the user asked for, where that is still possible.</summary>
    /// <param name="failure">Why the run ended early; null when it completed or was stopped.</param>
    /// <param name="isPublished">Whether the image is published.</param>
    /// <exception cref="DownloadException">The end could not be stored. On disk the download runs, and goes on after a restart; here
    /// it has failed for its own reason, or waits for a slot to do the rest again.</exception>
    internal DownloadState EndRun(DownloadFailure? failure, bool isPublished)
    {
        lock (Gate)
        {
            var run = _run ?? throw new InvalidOperationException("no run to end");
            _run = null;
            Image.NoteRoom(Record.ImagePosition); // What it did not grow to is free again.
            try
            {
                MoveAfterRun(run.Reason, failure, isPublished);
            }
            catch (Exception e)
            {
                MoveAfterUnstoredEnd(failure, e);
                run.Fail(e);
                throw;
            }

            run.Complete(Record.State);
            return Record.State;
        }
    }

    private void MoveAfterRun(StopReason reason, DownloadFailure? failure, bool isPublished)
    {
        if (reason is StopReason.Cancel) MoveTo(DownloadState.Canceling);
        else if (isPublished) MoveTo(DownloadState.Completed, Image.Trust.Published);
        else if (failure is not null) MoveTo(DownloadState.Failed, r => r with { Failure = failure });
        else if (reason is StopReason.Pause) MoveTo(DownloadState.Paused);
        else if (_live.IsAhead) _live.Change(r => r);
        else NoteOutcomes();
    }

    // In memory only. Those who asked for the pause or the cancellation are told that it failed; until the store can be written the
    // download goes its way.
    private void MoveAfterUnstoredEnd(DownloadFailure? failure, Exception e)
    {
        if (failure is null && e is DownloadException { IsTransient: true })
        {
            MoveTo(DownloadState.Queued, save: static _ => { });
            return;
        }

        var shown = failure ?? new DownloadFailure(DownloadErrorKind.Unforeseen, "its end could not be stored; the daemon's log has the details");
        MoveTo(DownloadState.Failed, r => r with { Failure = shown }, save: static _ => { });
    }
}
