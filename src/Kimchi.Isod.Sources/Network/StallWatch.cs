namespace Kimchi.Isod.Sources.Network;

/// <summary>Cancels a read when the server is silent, and tells when it is too slow. Time in which nobody reads does not count.</summary>
internal sealed class StallWatch(NetworkOptions options, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _stalled = new(Timeout.InfiniteTimeSpan, time);
    private CancellationTokenSource? _either;
    private CancellationToken _caller;
    private long _started;
    private bool _isArmed;
    private TimeSpan _waited;
    private long _received;

    /// <summary>The time that was waited for bytes since the rate was last found good.</summary>
    public TimeSpan Waited => _waited;

    /// <summary>The bytes that came in <see cref="Waited"/>.</summary>
    public long Received => _received;

    /// <summary>Whether the average rate since it was last found good, over the stall timeout at least, is below what is asked for.</summary>
    public bool IsTooSlow => _waited >= options.StallTimeout && _received < options.StallRate * _waited.TotalSeconds;

    /// <summary>A token that fires when the server is silent, or the caller stops. Made anew only for another caller's token.</summary>
    public CancellationToken TokenFor(CancellationToken caller)
    {
        if (!caller.CanBeCanceled) return _stalled.Token;
        if (_either is not null && caller == _caller) return _either.Token;
        _either?.Dispose();
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, caller);
        _caller = caller;
        return _either.Token;
    }

    /// <summary>A read begins: the clock runs.</summary>
    public void BeginRead() => _started = time.GetTimestamp();

    /// <summary>It did not complete at once: from now on it can be cancelled.</summary>
    public void Arm()
    {
        _stalled.CancelAfter(options.StallTimeout);
        _isArmed = true;
    }

    /// <summary>It completed, or failed: the clock stops.</summary>
    public void EndRead()
    {
        if (_isArmed) _stalled.CancelAfter(Timeout.InfiniteTimeSpan);
        _isArmed = false;
        _waited += time.GetElapsedTime(_started);
    }

    /// <summary>Bytes came.</summary>
    public void Count(int bytes)
    {
        _received += bytes;
        if (_waited >= options.StallTimeout && !IsTooSlow) (_received, _waited) = (0, TimeSpan.Zero);
    }

    public void Dispose()
    {
        _either?.Dispose();
        _stalled.Dispose();
    }
}
