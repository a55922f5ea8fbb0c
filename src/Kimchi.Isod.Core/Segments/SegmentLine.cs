namespace Kimchi.Isod.Core.Segments;

/// <summary>A connection as the others see it: what it fetches, and how fast. Changes under the lock of <see cref="SegmentBoard"/>.</summary>
/// <param name="host">The server.</param>
/// <param name="time">The clock.</param>
/// <param name="runs">How many usual runs it asks for at a time.</param>
internal sealed class SegmentLine(string host, TimeProvider time, int runs = 1)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(2);

    // A server may take its time before it begins.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private (long Time, long Received) _older = (time.GetTimestamp(), 0);
    private (long Time, long Received) _newer = (time.GetTimestamp(), 0);
    private long _received;
    private bool _hasBegun;

    /// <summary>The server.</summary>
    public string Host => host;

    /// <summary>How many usual runs it asks for at a time.</summary>
    public int Runs => runs;

    /// <summary>What it fetches; null between two runs.</summary>
    public SegmentRun? Run { get; private set; }

    /// <summary>Since when bytes of its run have come, or when it has asked for them.</summary>
    public long Since { get; private set; } = time.GetTimestamp();

    /// <summary>Bytes per second within the last second or two.</summary>
    public double Rate
    {
        get
        {
            var now = time.GetTimestamp();
            if (!_hasBegun && Run?.Received > 0) BeginCounting(now);
            var received = _received + (Run?.Received ?? 0);
            if (time.GetElapsedTime(_newer.Time, now) >= Interval) (_older, _newer) = (_newer, (now, received));
            var seconds = time.GetElapsedTime(_older.Time, now).TotalSeconds;
            return seconds == 0 ? 0 : (received - _older.Received) / seconds;
        }
    }

    /// <summary>Whether it is to leave: others wait for what it has not brought.</summary>
    public bool IsDismissed { get; private set; }

    /// <summary>Tells it to leave.</summary>
    public void Dismiss() => IsDismissed = true;

    /// <summary>It begins a run.</summary>
    public void Begin(SegmentRun run) => (Run, Since, _hasBegun) = (run, time.GetTimestamp(), false);

    /// <summary>Its run has ended.</summary>
    public void End()
    {
        _received += Run!.Received;
        Run = null;
    }

    // What a server takes to begin its reply says nothing of how fast it is then.
    private void BeginCounting(long now)
    {
        (_hasBegun, Since) = (true, now);
        _older = _newer = (now, _received);
    }

    private TimeSpan Patience(bool isAwaited) => !_hasBegun ? Silence : isAwaited ? Interval : Youth;

    /// <summary>Finds the line that is worth replacing: with less than half of the average rate, of the lines to the same server, or of all
    /// where others have nothing to do but wait for it.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="isAwaited">Whether others wait.</param>
    /// <param name="time">The clock.</param>
    public static SegmentLine? FindSlow(IReadOnlyList<SegmentLine> lines, bool isAwaited, TimeProvider time)
    {
        var rates = lines.Select(line => (Line: line, line.Rate)).ToList();
        return rates.Where(line => line.Line.Run is { Stop.IsCancellationRequested: false } && time.GetElapsedTime(line.Line.Since) > line.Line.Patience(isAwaited))
            .Where(line => line.Rate < rates.Where(other => isAwaited || other.Line.Host == line.Line.Host).Average(other => other.Rate) / 2)
            .OrderBy(line => line.Rate).Select(line => line.Line).FirstOrDefault();
    }
}
