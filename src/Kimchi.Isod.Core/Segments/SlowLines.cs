namespace Kimchi.Isod.Core.Segments;

/// <summary>Finds the connections that are worth replacing by a new one. Used under the lock of <see cref="SegmentBoard"/>.</summary>
/// <remarks>A server may be the cause of it that all but one are slow: as long as replacing one does not help, it is done ever more rarely.</remarks>
/// <param name="time">The clock.</param>
internal sealed class SlowLines(TimeProvider time)
{
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan YouthOfAwaited = TimeSpan.FromSeconds(1);

    // A server may take its time before it begins.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    // A line with less than this part of the average is slow.
    private const double Slow = 0.66;

    // How often each line may be replaced at most.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // How much faster a new connection must be than the one before within its first seconds for the replacement to count as a help.
    private const double Help = 1.5;
    private static readonly TimeSpan Probation = TimeSpan.FromSeconds(3);

    private readonly Queue<(SegmentLine Line, long Since, double Rate, long Received)> _replaced = [];
    private long _last = time.GetTimestamp();
    private int _inVain;

    /// <summary>Finds the line to replace now: one that is much slower than the average, of the lines to the same server, or of all where
    /// others have nothing to do but wait for it.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="isAwaited">Whether others wait.</param>
    /// <returns>Null where there is none, or it is too early.</returns>
    public SegmentLine? Find(IReadOnlyList<SegmentLine> lines, bool isAwaited)
    {
        JudgeReplaced();
        if (time.GetElapsedTime(_last) < (isAwaited ? YouthOfAwaited : PauseFor(lines.Count))) return null;
        var rates = lines.Select(line => (Line: line, line.Rate)).ToList();
        var slow = rates.Where(line => line.Line.Run is { Stop.IsCancellationRequested: false } && IsOldEnough(line.Line, isAwaited))
            .Where(line => (isAwaited && line.Rate == 0)
                || line.Rate < rates.Where(other => isAwaited || other.Line.Host == line.Line.Host).Average(other => other.Rate) * Slow)
            .OrderBy(line => line.Rate).Select(line => line.Line).FirstOrDefault();
        if (slow is null) return null;
        _last = time.GetTimestamp();
        if (!isAwaited) _replaced.Enqueue((slow, _last, slow.Rate, slow.Received));
        return slow;
    }

    private TimeSpan PauseFor(int lines)
    {
        var pause = ShortestLife / Math.Max(1, lines) * Math.Pow(2, Math.Min(_inVain, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private void JudgeReplaced()
    {
        while (_replaced.TryPeek(out var first) && time.GetElapsedTime(first.Since) >= Probation)
        {
            _replaced.Dequeue();
            var rate = (first.Line.Received - first.Received) / time.GetElapsedTime(first.Since).TotalSeconds;
            _inVain = rate >= first.Rate * Help ? 0 : _inVain + 1;
        }
    }

    private bool IsOldEnough(SegmentLine line, bool isAwaited) =>
        time.GetElapsedTime(line.Since) > (!line.HasBegun ? Silence : isAwaited ? YouthOfAwaited : Youth);
}
