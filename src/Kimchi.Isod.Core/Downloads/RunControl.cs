using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>How the run of a download is told to stop, and how its end is awaited.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Token sources without timers hold nothing that needs disposal.")]
internal sealed class RunControl
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource<DownloadState> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells it from all other runs.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The greatest reason so far. Read and written under the download's lock.</summary>
    public StopReason Reason { get; private set; }

    /// <summary>Fires when no more data is wanted; what has arrived is still stored.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Fires when what has arrived is not wanted either.</summary>
    public CancellationToken Aborting => _abort.Token;

    /// <summary>Completes with the state that the run left the download in, when all its I/O has ended. Fails when that state could
    /// not be stored.</summary>
    public Task<DownloadState> End => _end.Task;

    /// <summary>Tells the run to stop. What hears of it runs elsewhere, so this may be called under a lock.</summary>
    public void Stop(StopReason reason)
    {
        if (reason > Reason) Reason = reason;
        _ = _stop.CancelAsync();
        if (Reason is StopReason.Cancel) _ = _abort.CancelAsync();
    }

    /// <summary>Tells all waiters that the run has ended.</summary>
    public void Complete(DownloadState state) => _end.TrySetResult(state);

    /// <summary>Tells all waiters that the run has ended, and that its end could not be stored.</summary>
    public void Fail(Exception failure)
    {
        _end.TrySetException(failure);
        _ = _end.Task.Exception; // Nobody may be waiting; the failure is logged in any case.
    }
}
