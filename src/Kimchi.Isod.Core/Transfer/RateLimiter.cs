namespace Kimchi.Isod.Core.Transfer;

/// <summary>Keeps the bytes per second of all downloads together under a limit.</summary>
/// <remarks>A debt account: bytes are spent first, and whoever spends waits until the debt is paid off at the limit's rate.</remarks>
/// <param name="bytesPerSecond">The limit, or 0 for none.</param>
/// <param name="time">The clock.</param>
public sealed class RateLimiter(long bytesPerSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _paidUntil = time.GetTimestamp();

    /// <summary>Accounts for bytes that were read, and waits as long as the limit demands.</summary>
    public ValueTask SpendAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond == 0) return ValueTask.CompletedTask;
        var wait = Spend(bytes);
        return wait <= TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(wait, time, cancellationToken));
    }

    private TimeSpan Spend(int bytes)
    {
        var cost = (long)((double)bytes / bytesPerSecond * time.TimestampFrequency);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _paidUntil = Math.Max(_paidUntil, now) + cost;
            return time.GetElapsedTime(now, _paidUntil);
        }
    }
}
