namespace Kimchi.Isod.Core.Transfer;

/// <summary>Measures how fast bytes come: the average of the last five seconds.</summary>
public sealed class SpeedMeter(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Queue<(long Time, long Total)> _samples = [];
    private (long Time, long Total) _last;
    private long _total;

    /// <summary>Bytes per second; 0 when nothing runs.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_gate)
            {
                if (_samples.Count == 0) return 0;
                var now = time.GetTimestamp();
                DropOlderThan(now);
                var (begun, total) = _samples.Peek();
                var elapsed = time.GetElapsedTime(begun, now);
                return elapsed < Step ? 0 : (long)((_total - total) / elapsed.TotalSeconds);
            }
        }
    }

    /// <summary>A transfer begins.</summary>
    internal void Start()
    {
        lock (_gate)
        {
            _samples.Clear();
            Sample(time.GetTimestamp());
        }
    }

    /// <summary>A transfer has ended.</summary>
    internal void Stop()
    {
        lock (_gate) _samples.Clear();
    }

    /// <summary>Bytes came.</summary>
    internal void Count(int bytes)
    {
        lock (_gate)
        {
            _total += bytes;
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(_last.Time, now) < Step) return;
            DropOlderThan(now);
            Sample(now);
        }
    }

    private void Sample(long now) => _samples.Enqueue(_last = (now, _total));

    // The newest of those that are too old is kept: what came since then is what counts.
    private void DropOlderThan(long now)
    {
        while (_samples.Count > 1 && time.GetElapsedTime(_samples.ElementAt(1).Time, now) >= Span) _samples.Dequeue();
    }
}
