namespace Kimchi.Isod.Core.Transfer;

/// <summary>Runs calls that block, such as libvirt's, on a thread of their own, so that the thread pool never waits.</summary>
public static class BlockingWork
{
    [ThreadStatic]
    private static bool _isItsThread;

    /// <summary>Whether this thread is one of these, which may block.</summary>
    public static bool MayBlock => _isItsThread;

    /// <summary>Runs <paramref name="work"/> on a new thread.</summary>
    public static Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Runs <paramref name="work"/> on a new thread and gives its result.</summary>
    public static Task<T> RunAsync<T>(Func<T> work) => Task.Factory.StartNew(
        () =>
        {
            _isItsThread = true; // The thread ends with the work.
            return work();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
