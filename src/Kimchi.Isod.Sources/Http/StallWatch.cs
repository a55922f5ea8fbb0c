namespace Kimchi.Isod.Sources.Http;

/// <summary>Cancels a read when the server is silent or too slow. Time in which nobody reads does not count.</summary>
internal sealed class StallWatch : IDisposable
{
    private readonly NetworkOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;
    private TimeSpan _waited;
    private long _received;

    public StallWatch(NetworkOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        _options = options;
        _time = time;
        _stalled = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, cancellationToken);
    }

    /// <summary>Fires when the server stalls or the caller stops.</summary>
    public CancellationToken Token => _either.Token;

    /// <summary>Waits for a read that did not complete at once.</summary>
    public async ValueTask<int> WaitAsync(ValueTask<int> read)
    {
        var started = _time.GetTimestamp();
        _stalled.CancelAfter(_options.StallTimeout);
        var count = await read;
        _stalled.CancelAfter(Timeout.InfiniteTimeSpan);
        CheckRate(count, _time.GetElapsedTime(started));
        return count;
    }

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }

    private void CheckRate(int count, TimeSpan waited)
    {
        _received += count;
        _waited += waited;
        if (_waited < _options.StallTimeout) return;
        if (_received < _options.StallRate * _waited.TotalSeconds) throw new OperationCanceledException("too slow");
        (_received, _waited) = (0, TimeSpan.Zero);
    }
}
