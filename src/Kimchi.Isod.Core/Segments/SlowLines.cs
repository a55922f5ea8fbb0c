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

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // How much faster a new connection must have been for the replacement to count as a help.
    private const double Help = 2;

    private long _last = time.GetTimestamp();
    private TimeSpan _pause = ShortestPause;
    private (SegmentLine Line, double Rate, long Received)? _replaced;

    /// <summary>Finds the line to replace now: one with less than half of the average rate, of the lines to the same server, or of all where
    /// others have nothing to do but wait for it.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="isAwaited">Whether others wait.</param>
    /// <returns>Null where there is none, or it is too early.</returns>
    public SegmentLine? Find(IReadOnlyList<SegmentLine> lines, bool isAwaited)
    {
        if (time.GetElapsedTime(_last) < _pause) return null;
        var rates = lines.Select(line => (Line: line, line.Rate)).ToList();
        var slow = rates.Where(line => line.Line.Run is { Stop.IsCancellationRequested: false } && IsOldEnough(line.Line, isAwaited))
            .Where(line => line.Rate < rates.Where(other => isAwaited || other.Line.Host == line.Line.Host).Average(other => other.Rate) / 2)
            .OrderBy(line => line.Rate).Select(line => line.Line).FirstOrDefault();
        if (slow is null) return null;
        var isHelp = _replaced is not { } before || HasHelped(before.Line, before.Rate, before.Received);
        _pause = isHelp ? ShortestPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        (_replaced, _last) = ((slow, slow.Rate, slow.Received), time.GetTimestamp());
        return slow;
    }

    private bool IsOldEnough(SegmentLine line, bool isAwaited) =>
        time.GetElapsedTime(line.Since) > (!line.HasBegun ? Silence : isAwaited ? YouthOfAwaited : Youth);

    // One that has left had others to take over from it.
    private bool HasHelped(SegmentLine line, double rate, long received) =>
        line.IsDismissed || (line.Received - received) / time.GetElapsedTime(_last).TotalSeconds >= rate * Help;
}
