namespace Kimchi.Isod.Systemd;

/// <summary>Tells systemd that the daemon is alive as long as all of its loops turn; when it hears nothing, it restarts the daemon.</summary>
/// <param name="interval">How often systemd wants to hear of it, or null for never.</param>
/// <param name="loops">The loops.</param>
/// <param name="ping">Tells systemd.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class Watchdog(
    TimeSpan? interval, IReadOnlyList<WatchedLoop> loops, Action ping, TimeProvider time, ILogger<Watchdog> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (interval is not { } whole) return;
        // A third, so that one late turn is no reason to die.
        using var timer = new PeriodicTimer(whole / 3, time);
        do
        {
            if (await AllTurnAsync(whole / 3, stoppingToken)) ping();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> AllTurnAsync(TimeSpan patience, CancellationToken stoppingToken)
    {
        var turns = await Task.WhenAll(loops.Select(loop => TurnsAsync(loop, patience, stoppingToken)));
        return turns.All(turned => turned);
    }

    private async Task<bool> TurnsAsync(WatchedLoop loop, TimeSpan patience, CancellationToken stoppingToken)
    {
        try
        {
            await loop.TurnAsync().WaitAsync(patience, time, stoppingToken);
            return true;
        }
        catch (TimeoutException)
        {
            logger.LoopHangs(loop.Name, patience);
            return false;
        }
    }
}

/// <summary>A loop that must not hang.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="TurnAsync">Ends when the loop has turned once more.</param>
internal sealed record WatchedLoop(string Name, Func<Task> TurnAsync);
