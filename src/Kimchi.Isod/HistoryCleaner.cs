using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.History;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Watching;
using Kimchi.Isod.Storage.State;

namespace Kimchi.Isod;

/// <summary>Drops the records of downloads that ended long ago, at start and once a day, by a clock that has proven itself.</summary>
/// <remarks>A record that was dropped too early cannot be had back; one that is kept for some days more does no harm.</remarks>
internal sealed class HistoryCleaner(
    IDownloadStore store, ITrustedClockStore clocks, Func<ClockReading> readClocks, DownloadFeed feed, StateOptions options, TimeProvider time,
    ILogger<HistoryCleaner> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            ReadClock(); // The next start measures from here.
        }
        catch (Exception e) when (e is DownloadException or IOException)
        {
            logger.ClockNotNoted(e.Message);
        }
    }

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
            var clock = ReadClock();
            if (clock.Doubted is { } doubted) logger.ClockDoubted(doubted.Time, doubted.Time - clock.Believed.Time, TrustedClock.Probation);
            var dropped = store.DropHistory(clock.Believed.Time - TimeSpan.FromDays(options.HistoryDays));
            feed.TellForgotten(dropped);
            if (dropped.Count > 0) logger.HistoryDropped(dropped.Count, options.HistoryDays);
        }
        catch (Exception e) // An exception that leaves a background service would end the daemon.
        {
            logger.HistoryNotDropped(e);
        }
    }

    private TrustedClock ReadClock()
    {
        var clock = TrustedClock.After(clocks.LoadClock(), readClocks());
        clocks.SaveClock(clock);
        return clock;
    }
}
