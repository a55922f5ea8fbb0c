namespace Kimchi.Isod.Core.Transfer;

/// <summary>One transfer's part in a limit. Belongs to one thread.</summary>
internal sealed class RateShare(RateLimit limit) : IDisposable
{
    // That of the read in progress: a change of the limit must not make a large read wait at a small rate.
    private long _rate;

    /// <summary>How many bytes may be read at once, 1 at least.</summary>
    public int Allow(int wanted)
    {
        _rate = limit.BytesPerSecond;
        return _rate == 0 ? wanted : (int)Math.Min(wanted, limit.StrideOf(_rate));
    }

    /// <summary>Accounts for what was read.</summary>
    /// <returns>How long to wait until the next read; not more than zero for not at all.</returns>
    public TimeSpan Pay(int bytes) => _rate == 0 ? TimeSpan.Zero : limit.Pay(bytes, _rate);

    public void Dispose() => limit.Leave();
}
