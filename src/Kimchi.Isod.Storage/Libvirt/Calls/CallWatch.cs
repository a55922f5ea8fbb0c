namespace Kimchi.Isod.Storage.Libvirt.Calls;

/// <summary>
/// Watches over the calls that one thread makes on a connection: where one takes longer than it may, the connection is given up,
/// which ends the call.
/// </summary>
/// <remarks>
/// A download makes thousands of calls in a second. So the timer is not set for each: it goes off at the date of an earlier call, and is set
/// to what is left of the one in progress.
/// </remarks>
internal sealed class CallWatch : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _giveUp;
    private readonly ITimer _timer;
    private TimeSpan _bound;
    private long _deadline;
    private long _alarm = long.MaxValue;
    private TimeSpan? _exceeded;

    /// <summary>Watches over nothing yet.</summary>
    /// <param name="giveUp">Gives the connection up. Called on a thread of the thread pool, once.</param>
    /// <param name="time">The clock.</param>
    public CallWatch(Action giveUp, TimeProvider time)
    {
        (_giveUp, _time) = (giveUp, time);
        _timer = time.CreateTimer(static watch => ((CallWatch)watch!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The bound that a call has exceeded; null as long as none has.</summary>
    public TimeSpan? Exceeded
    {
        get
        {
            lock (_gate) return _exceeded;
        }
    }

    /// <summary>The bound of the call in progress; zero where there is none, or where it was exceeded.</summary>
    public TimeSpan Bound
    {
        get
        {
            lock (_gate) return _exceeded is null ? _bound : TimeSpan.Zero;
        }
    }

    /// <summary>A call begins. Inside of another one its bound holds instead; that one's begins anew when it has ended.</summary>
    /// <returns>To be disposed of when the call has ended.</returns>
    public Scope Begin(TimeSpan bound)
    {
        lock (_gate)
        {
            var outer = _bound;
            Watch(bound);
            return new Scope(this, outer);
        }
    }

    /// <summary>Watches over nothing any more.</summary>
    public void Dispose() => _timer.Dispose();

    private void Watch(TimeSpan bound)
    {
        _bound = bound;
        if (bound == TimeSpan.Zero || _exceeded is not null) return;
        _deadline = _time.GetTimestamp() + (long)(bound.TotalSeconds * _time.TimestampFrequency);
        if (_deadline < _alarm) SetAlarm(bound);
    }

    private void SetAlarm(TimeSpan left)
    {
        _alarm = _deadline;
        _timer.Change(left, Timeout.InfiniteTimeSpan);
    }

    private void Ring()
    {
        lock (_gate)
        {
            _alarm = long.MaxValue;
            if (_bound == TimeSpan.Zero) return;
            var left = _time.GetElapsedTime(_time.GetTimestamp(), _deadline);
            if (left > TimeSpan.Zero)
            {
                SetAlarm(left + TimeSpan.FromMilliseconds(1)); // Timers drop parts of a millisecond.
                return;
            }

            _exceeded = _bound;
        }

        _giveUp();
    }

    private void End(TimeSpan outer)
    {
        lock (_gate) Watch(outer);
    }

    /// <summary>A call in progress.</summary>
    public readonly struct Scope(CallWatch watch, TimeSpan outer) : IDisposable
    {
        /// <summary>The call has ended.</summary>
        public void Dispose() => watch.End(outer);
    }
}
