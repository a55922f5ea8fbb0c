namespace Kimchi.Isod.Core.Transfer;

/// <summary>Blocks a thread until a task is done.</summary>
/// <remarks>Task.Wait spins first, which on a busy machine takes the time from the task it waits for.</remarks>
public sealed class PatientWait
{
    private readonly object _gate = new();
    private readonly Action _pulse;
    private Task? _awaited;

    /// <summary>Waits for nothing yet. It belongs to one thread.</summary>
    public PatientWait() => _pulse = Pulse;

    /// <summary>Waits for a task, or so long.</summary>
    /// <returns>Whether the task is done, in whichever way.</returns>
    public bool For(Task task, TimeSpan patience)
    {
        if (task.IsCompleted) return true;
        if (!ReferenceEquals(task, _awaited)) task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_pulse);
        _awaited = task;
        var until = patience == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)patience.TotalMilliseconds;
        lock (_gate)
        {
            // The pulse comes after the task's end, so none is missed; one of an earlier task ends no wait.
            while (!task.IsCompleted && TimeLeft(until) is { } left) Monitor.Wait(_gate, left);
        }

        return task.IsCompleted;
    }

    /// <summary>Waits for a task as long as it takes, and gives its result or throws its failure.</summary>
    public T ResultOf<T>(ValueTask<T> task) => task.IsCompletedSuccessfully ? task.Result : ResultOf(task.AsTask());

    /// <inheritdoc cref="ResultOf{T}(ValueTask{T})"/>
    public T ResultOf<T>(Task<T> task)
    {
        For(task, Timeout.InfiniteTimeSpan);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for a task as long as it takes, and throws its failure.</summary>
    public void End(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) End(task.AsTask());
    }

    /// <inheritdoc cref="End(ValueTask)"/>
    public void End(Task task)
    {
        For(task, Timeout.InfiniteTimeSpan);
        task.GetAwaiter().GetResult();
    }

    private static TimeSpan? TimeLeft(long until)
    {
        if (until == long.MaxValue) return Timeout.InfiniteTimeSpan;
        var left = until - Environment.TickCount64;
        return left > 0 ? TimeSpan.FromMilliseconds(left) : null;
    }

    private void Pulse()
    {
        lock (_gate) Monitor.Pulse(_gate);
    }
}
