using Kimchi.Isod.Core.Running;

namespace Kimchi.Isod.Server;

/// <summary>Gives memory back to the system when nothing is left to do: after the start, and after the last download.</summary>
/// <remarks>The runtime collects when it needs memory; a daemon that idles for days never does.</remarks>
internal sealed class IdleMemory : IHostedService, IDisposable
{
    // The next download often follows the last one closely.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly DownloadScheduler _scheduler;
    private readonly ITimer _timer;

    public IdleMemory(DownloadScheduler scheduler, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _scheduler = scheduler;
        _timer = time.CreateTimer(_ => Trim(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lifetime.ApplicationStarted.Register(TrimSoon);
        scheduler.CameToRest += (_, _) => TrimSoon();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer.Dispose();

    private void TrimSoon() => _timer.Change(Rest, Timeout.InfiniteTimeSpan);

    private void Trim()
    {
        if (_scheduler.IsAtRest) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
