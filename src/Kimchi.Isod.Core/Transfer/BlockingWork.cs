namespace Kimchi.Isod.Core.Transfer;

/// <summary>Runs calls that block, such as libvirt's, on a thread of their own, so that the thread pool never waits.</summary>
public static class BlockingWork
{
    /// <summary>Runs <paramref name="work"/> on a new thread.</summary>
    public static Task RunAsync(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Runs <paramref name="work"/> on a new thread and gives its result.</summary>
    public static Task<T> RunAsync<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
