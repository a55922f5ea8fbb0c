namespace Kimchi.Isod.Core.Segments;

/// <summary>A connection as the others see it: what it fetches, and how fast. Changes under the lock of <see cref="SegmentBoard"/>.</summary>
/// <param name="host">The server.</param>
/// <param name="time">The clock.</param>
/// <param name="runs">How many usual runs it asks for at a time.</param>
internal sealed class SegmentLine(string host, TimeProvider time, int runs = 1)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private (long Time, long Received) _older = (time.GetTimestamp(), 0);
    private (long Time, long Received) _newer = (time.GetTimestamp(), 0);
    private long _received;

    /// <summary>The server.</summary>
    public string Host => host;

    /// <summary>How many usual runs it asks for at a time.</summary>
    public int Runs => runs;

    /// <summary>What it fetches; null between two runs.</summary>
    public SegmentRun? Run { get; private set; }

    /// <summary>Since when bytes of its run have come, or when it has asked for them.</summary>
    public long Since { get; private set; } = time.GetTimestamp();

    /// <summary>Whether any byte of its run has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>How many bytes have come in all its runs.</summary>
    public long Received => _received + (Run?.Received ?? 0);

    /// <summary>Bytes per second within the last second or two.</summary>
    public double Rate
    {
        get
        {
            var now = time.GetTimestamp();
            if (!HasBegun && Run?.Received > 0) BeginCounting(now);
            if (time.GetElapsedTime(_newer.Time, now) >= Interval) (_older, _newer) = (_newer, (now, Received));
            var seconds = time.GetElapsedTime(_older.Time, now).TotalSeconds;
            return seconds == 0 ? 0 : (Received - _older.Received) / seconds;
        }
    }

    /// <summary>Whether it is to leave: others wait for what it has not brought.</summary>
    public bool IsDismissed { get; private set; }

    /// <summary>Tells it to leave.</summary>
    public void Dismiss() => IsDismissed = true;

    /// <summary>It begins a run.</summary>
    public void Begin(SegmentRun run) => (Run, Since, HasBegun) = (run, time.GetTimestamp(), false);

    /// <summary>Its run has ended.</summary>
    public void End()
    {
        _received += Run!.Received;
        Run = null;
    }

    // What a server takes to begin its reply says nothing of how fast it is then.
    private void BeginCounting(long now)
    {
        (HasBegun, Since) = (true, now);
        _older = _newer = (now, _received);
    }
}
