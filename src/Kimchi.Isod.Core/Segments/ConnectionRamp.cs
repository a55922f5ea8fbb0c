namespace Kimchi.Isod.Core.Segments;

/// <summary>Finds out how many connections a download gains from: one at first, then twice as many as long as that makes it faster.</summary>
/// <param name="most">How many there may be.</param>
/// <param name="time">The clock.</param>
/// <param name="first">How many there are at first.</param>
internal sealed class ConnectionRamp(int most, TimeProvider time, int first = 1)
{
    // What a step must gain, and how long it has for it.
    private const double Gain = 1.15;
    private static readonly TimeSpan Trial = TimeSpan.FromSeconds(3);

    // A step that nearly doubles the rate needs no longer look.
    private const double PlainGain = 1.5;
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // A transfer that is done sooner gains nothing from more connections.
    private static readonly TimeSpan Worthwhile = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMilliseconds(100);

    private readonly Queue<(long Time, long Received)> _samples = [];
    private (long Time, long Received) _last;
    private long _levelSince = time.GetTimestamp();
    private long _nextTry = time.GetTimestamp();
    private TimeSpan _pause = FirstPause;
    private double _rateBefore;
    private int _levelBefore;
    private int _most = most;
    private long _received;

    /// <summary>How many connections there should be.</summary>
    public int Level { get; private set; } = first;

    /// <summary>How many bytes a connection has brought in a second before the last step; 0 before the first one.</summary>
    public double RateOfOne { get; private set; }

    /// <summary>Whether several connections have proven to be faster than one.</summary>
    public bool HasGained { get; private set; }

    private bool IsTrial => _levelBefore > 0;

    /// <summary>Counts bytes that have come. Any thread may.</summary>
    public void Count(int bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>Looks at what has come, and decides on <see cref="Level"/>.</summary>
    /// <param name="left">How many are still to come.</param>
    /// <param name="isLimited">Whether something else holds the transfer back, such as a rate limit: then more connections gain nothing.</param>
    public void Note(long left, bool isLimited)
    {
        var now = time.GetTimestamp();
        if (_samples.Count > 0 && time.GetElapsedTime(_last.Time, now) < SampleInterval) return;
        Sample(now, Interlocked.Read(ref _received));
        if (isLimited) MoveTo(1);
        else if (IsTrial) Judge(now, left);
        else if (Level < _most && RateOver(Look) is { } rate && (now >= _nextTry || HasFallen(rate))) TryMore(rate, left);
    }

    /// <summary>There can be no more connections than this now: no memory for them, or the server refuses them.</summary>
    public void Bound(int level)
    {
        if (level >= Level) return;
        MoveTo(level);
        _rateBefore = 0;
        Rest(time.GetTimestamp());
    }

    /// <summary>There must not be more than one connection any more.</summary>
    public void Forbid()
    {
        _most = 1;
        MoveTo(1);
    }

    private void TryMore(double rate, long left)
    {
        if (rate == 0 || left / rate < Worthwhile.TotalSeconds) return;
        var before = Level;
        MoveTo(Math.Min(Level * 2, _most));
        (_rateBefore, _levelBefore, RateOfOne) = (rate, before, rate / before);
    }

    // The last step was compared with a rate that could not last, such as that of the first seconds on a line that loses packets.
    private bool HasFallen(double rate) => rate < _rateBefore / Gain;

    private void Judge(long now, long left)
    {
        if (GainedRate() is { } rate)
        {
            (_levelBefore, _pause, _rateBefore, HasGained) = (0, FirstPause, 0, true);
            if (Level < _most) TryMore(rate, left);
        }
        else if (time.GetElapsedTime(_levelSince, now) >= Trial)
        {
            MoveTo(_levelBefore);
            Rest(now);
        }
    }

    // The rate that the step has brought; null where it has gained too little so far.
    private double? GainedRate()
    {
        if (RateOver(ShortLook) is { } soon && soon >= _rateBefore * PlainGain) return soon;
        return RateOver(Look) is { } later && later >= _rateBefore * Gain ? later : null;
    }

    private void MoveTo(int level)
    {
        if (level != Level)
        {
            // What came at another level says nothing of this one.
            _samples.Clear();
            _samples.Enqueue(_last);
        }

        (Level, _levelBefore, _levelSince) = (level, 0, _last.Time);
        if (level == 1) HasGained = false;
    }

    private void Rest(long now)
    {
        _nextTry = now + (long)(_pause.TotalSeconds * time.TimestampFrequency);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    // Null as long as the level is younger than that.
    private double? RateOver(TimeSpan span)
    {
        if (time.GetElapsedTime(_levelSince, _last.Time) < span) return null;
        var oldest = _samples.Last(sample => time.GetElapsedTime(sample.Time, _last.Time) >= span || sample == _samples.Peek());
        var seconds = time.GetElapsedTime(oldest.Time, _last.Time).TotalSeconds;
        return seconds == 0 ? null : (_last.Received - oldest.Received) / seconds;
    }

    private void Sample(long now, long received)
    {
        _samples.Enqueue(_last = (now, received));
        while (_samples.Count > 2 && time.GetElapsedTime(_samples.ElementAt(1).Time, now) >= Trial) _samples.Dequeue();
    }
}
