namespace Kimchi.Isod.Storage.Libvirt.Calls;

/// <summary>A call that waits for its turn on a thread, and whoever waits for its result.</summary>
/// <param name="call">The call, which gets this, to ask before it does anything that stays: <see cref="Begin"/>.</param>
/// <param name="cancellationToken">Keeps it from beginning.</param>
internal sealed class QueuedCall<T>(Func<QueuedCall<T>, T> call, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isTaken;

    /// <summary>What comes of it.</summary>
    public Task<T> Result => _result.Task;

    /// <summary>Runs it, on the thread, unless it was given up.</summary>
    public void Run()
    {
        if (Volatile.Read(ref _isTaken) != 0) return;
        if (cancellationToken.IsCancellationRequested)
        {
            _result.SetCanceled(cancellationToken);
            return;
        }

        try
        {
            _result.SetResult(call(this));
        }
        catch (Exception e) // It belongs to whoever awaits the call.
        {
            _result.SetException(e);
        }
    }

    /// <summary>From here on it is done, whoever waits.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public void Begin()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0) throw new OperationCanceledException();
    }

    /// <summary>Whether the result comes in time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan patience)
    {
        using var stop = new CancellationTokenSource();
        await Task.WhenAny(Result, Task.Delay(patience, stop.Token));
        await stop.CancelAsync();
        return Result.IsCompleted;
    }

    /// <summary>Nobody waits any more: it does not begin, or, where it has, what comes of it is dropped.</summary>
    public void GiveUp()
    {
        Interlocked.Exchange(ref _isTaken, 1);
        _ = Result.ContinueWith(
            static dropped => dropped.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }
}
