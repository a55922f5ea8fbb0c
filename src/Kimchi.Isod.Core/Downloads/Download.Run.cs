using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <content>What a run tells of its progress and its end.</content>
public sealed partial class Download
{
    // Whether the record in memory has values that the store could not take.
    private bool _isAhead;

    // What vouched for the stored windows when their volume was last opened.
    private string? _voucher;

    /// <summary>Begins a run, unless the download does not wait for one any more.</summary>
    internal DownloadRun? TryBegin()
    {
        lock (_gate)
        {
            if (_record.State is not DownloadState.Queued || _cancellation is { IsCompleted: false }) return null;
            MoveTo(DownloadState.Running, r => r with
            {
                StartedAt = r.StartedAt ?? _time.GetUtcNow(),
                Attempts = r.Attempts + 1,
                Failure = null,
            });
            _clock.Start();
            _doing = (RunPhase.Transferring, null);
            return _run = new DownloadRun();
        }
    }

    /// <summary>The time since it first had a slot, pauses included.</summary>
    internal TimeSpan TimeTaken => _clock.Elapsed;

    /// <summary>Ends the run. The state that follows is what the user asked for, where that can still be.</summary>
    /// <param name="failure">Why the run ended early; null when it completed or was stopped.</param>
    /// <param name="isPublished">Whether the image is published.</param>
    /// <exception cref="DownloadException">The end could not be stored. On disk the download runs, and goes on after a restart; here
    /// it has failed for its own reason, or waits for a slot to do the rest again.</exception>
    internal DownloadState EndRun(DownloadFailure? failure, bool isPublished)
    {
        lock (_gate)
        {
            var run = _run ?? throw new InvalidOperationException("no run to end");
            _run = null;
            try
            {
                MoveAfterRun(run.Reason, failure, isPublished);
            }
            catch (Exception e)
            {
                Show(AfterUnstoredEnd(failure, e));
                run.Fail(e);
                throw;
            }

            run.Complete(_record.State);
            return _record.State;
        }
    }

    /// <summary>Notes what the run is about.</summary>
    /// <param name="phase">What it does from now on.</param>
    /// <param name="trouble">Why it waits before it tries again.</param>
    internal void Enter(RunPhase phase, DownloadFailure? trouble = null)
    {
        lock (_gate)
        {
            _doing = (phase, trouble);
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>Changes values of the record, on disk first.</summary>
    /// <returns>The record with the new values.</returns>
    internal DownloadRecord Change(Func<DownloadRecord, DownloadRecord> change)
    {
        lock (_gate)
        {
            Store(change(_record));
            return _record;
        }
    }

    /// <summary>Notes what vouches for the stored windows. Where it is not what vouched for them before, they are suspect.</summary>
    /// <param name="file">The volume's file; null where this machine does not see it.</param>
    /// <param name="unseen">What vouches for the windows of a volume that is not seen, as long as it is the same.</param>
    internal void Vouch(VolumeFile? file, string unseen)
    {
        lock (_gate)
        {
            var voucher = file?.Mount ?? unseen;
            // A daemon that has just started knows of no mount before its own; what was unseen was unseen then, too.
            var isSameVoucher = _voucher is null ? file is not null : _voucher == voucher;
            var isSuspect = _record.Position > 0 && !(isSameVoucher && file?.Identity == _record.FileIdentity);
            _voucher = voucher;
            if (file?.Identity == _record.FileIdentity && !isSuspect) return;
            Store(_record with { FileIdentity = file?.Identity, IsSuspect = _record.IsSuspect || isSuspect });
        }
    }

    /// <summary>Changes values of the record that hold also when the store cannot take them now; it gets them with the next change.</summary>
    internal void Note(Func<DownloadRecord, DownloadRecord> change)
    {
        lock (_gate)
        {
            _record = change(_record);
            _isAhead = true;
            Store(_record);
        }
    }

    /// <summary>Keeps the image's first bytes.</summary>
    internal void KeepHead(ReadOnlySpan<byte> head)
    {
        lock (_gate)
        {
            _store.SaveHead(_record.Id, head);
            _record = _record with { Position = head.Length };
        }
    }

    /// <summary>Checkpoints a window.</summary>
    internal void KeepWindow(Window window)
    {
        lock (_gate)
        {
            _store.AddWindow(_record.Id, window);
            _record = _record with { Position = window.End };
        }
    }

    /// <summary>Takes back windows that turned out not to be stored.</summary>
    /// <param name="lost">At least one, in the order of their bytes.</param>
    internal void DropWindows(IReadOnlyList<Window> lost)
    {
        lock (_gate)
        {
            var position = Math.Min(_record.Position, lost[0].Start);
            _store.DropWindows(_record.Id, lost, position);
            _record = _record with { Position = position };
        }
    }

    /// <summary>Takes back all that was stored, since it was joined on weak evidence and its checksum is wrong: once.</summary>
    internal void FetchAgain()
    {
        lock (_gate)
        {
            var emptied = _record with { Position = 0, Doubt = JoinDoubt.FetchedAgain, Restarts = _record.Restarts + 1, Warning = null };
            _store.Restart(emptied);
            Show(emptied);
        }
    }

    /// <summary>Takes back all that was stored.</summary>
    internal void DropBytes()
    {
        lock (_gate)
        {
            var emptied = _record with { Position = 0, IsPublishing = false };
            _store.Restart(emptied);
            Show(emptied);
        }
    }

    /// <summary>Starts again from the first byte, of another version perhaps.</summary>
    internal void Restart(RemoteFileInfo info, VolumeAllocation allocation)
    {
        lock (_gate)
        {
            var restarted = _record with
            {
                Version = info.Version,
                IsResumable = (info.IsResumable ?? _record.IsResumable) && info.Size is not null,
                Allocation = allocation,
                Position = 0,
                IsSuspect = false,
                IsPublishing = false,
                Warning = null,
                Doubt = _record.Doubt is JoinDoubt.Weak ? JoinDoubt.None : _record.Doubt,
                Restarts = _record.Restarts + (_record.Position > 0 ? 1 : 0),
            };
            _store.Restart(restarted);
            _room = 0;
            Show(restarted);
        }
    }

    /// <summary>Notes up to which byte a volume of unknown size has been enlarged.</summary>
    internal void NoteRoom(long end) => Volatile.Write(ref _room, end);

    private void MoveAfterRun(StopReason reason, DownloadFailure? failure, bool isPublished)
    {
        if (reason is StopReason.Cancel) MoveTo(DownloadState.Canceling);
        else if (isPublished) MoveTo(DownloadState.Completed);
        else if (failure is not null) MoveTo(DownloadState.Failed, r => r with { Failure = failure });
        else if (reason is StopReason.Pause) MoveTo(DownloadState.Paused);
        else if (_isAhead) Store(_record);
    }

    // Whoever asked for the pause or the cancellation hears that it could not be; until then the download goes its way.
    private DownloadRecord AfterUnstoredEnd(DownloadFailure? failure, Exception e)
    {
        if (failure is null && e is DownloadException { IsTransient: true }) return _record with { State = DownloadState.Queued };
        return _record with
        {
            State = DownloadState.Failed,
            Failure = failure ?? new DownloadFailure(
                DownloadErrorKind.Unforeseen, "its end could not be stored; the daemon's log has the details"),
            FinishedAt = _time.GetUtcNow(),
        };
    }
}
