namespace Kimchi.Isod.Core.Transfer;

/// <summary>Keeps one transfer under every limit that it has: its own, and that of all together. Belongs to one thread.</summary>
internal sealed class Throttle : IDisposable
{
    private readonly TimeProvider _time;
    private readonly RateShare[] _shares;

    public Throttle(TimeProvider time, params ReadOnlySpan<RateLimit> limits)
    {
        _time = time;
        _shares = new RateShare[limits.Length];
        for (var i = 0; i < limits.Length; i++) _shares[i] = limits[i].Join();
    }

    /// <summary>How many bytes the next read may have, 1 at least.</summary>
    public int Allow(int wanted)
    {
        foreach (var share in _shares) wanted = share.Allow(wanted);
        return wanted;
    }

    /// <summary>Accounts for the bytes of that read, and waits as long as the limits demand.</summary>
    public ValueTask PayAsync(int bytes, CancellationToken cancellationToken)
    {
        var wait = Demand(bytes);
        return wait == TimeSpan.Zero ? ValueTask.CompletedTask : new ValueTask(Task.Delay(wait, _time, cancellationToken));
    }

    /// <summary>Accounts for the bytes of that read.</summary>
    /// <returns>How long to wait until the next.</returns>
    public TimeSpan Demand(int bytes)
    {
        var wait = TimeSpan.Zero;
        foreach (var share in _shares)
        {
            var needed = share.Pay(bytes);
            if (needed > wait) wait = needed;
        }

        return wait;
    }

    public void Dispose()
    {
        foreach (var share in _shares) share.Dispose();
    }
}
