using Kimchi.Isod.Core.State;
using Kimchi.Isod.Storage.State;

namespace Kimchi.Isod;

/// <summary>Drops the records of downloads that ended long ago, at start and once a day.</summary>
internal sealed class HistoryCleaner(IDownloadStore store, StateOptions options, TimeProvider time, ILogger<HistoryCleaner> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromDays(1), time);
        do
        {
            Clean();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Clean()
    {
        try
        {
            var dropped = store.DropHistory(time.GetUtcNow() - TimeSpan.FromDays(options.HistoryDays));
            if (dropped > 0) logger.HistoryDropped(dropped, options.HistoryDays);
        }
        catch (Exception e) // An exception that leaves a background service would end the daemon.
        {
            logger.HistoryNotDropped(e);
        }
    }
}
