using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Segments;

/// <summary>Where the connections of a transfer and its storage meet: what is to be fetched, what has come, and the memory for it.</summary>
/// <remarks>
/// Where a connection needs memory and there is none, or pieces are old, those behind the one that is late leave as a window of their own
/// (<see cref="SegmentWork.IsBehind"/>), so nothing ever waits for one slow connection, and little is lost when the daemon is killed.
/// </remarks>
/// <param name="missing">The ranges that are missing.</param>
/// <param name="sizes">How much is fetched at a time.</param>
/// <param name="time">The clock.</param>
internal sealed class SegmentBoard(IEnumerable<ImageRange> missing, SegmentSizes sizes, TimeProvider time) : IDisposable
{
    // So much of what comes is lost at most when the daemon is killed, besides what is coming.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly SegmentPlan _plan = new(missing);
    private readonly ReorderBuffer _arrived = new();
    private readonly List<SegmentLine> _lines = [];
    private readonly SlowLines _slow = new(time);
    private readonly PieceStock _stock = new(sizes.Piece);
    private int _waiting;
    private SegmentRun? _first;
    private volatile bool _isClosed;

    /// <summary>Whether no connection is to go on.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>The file of the first connection and the offset that it is read to, where it was kept (<see cref="Close"/>).</summary>
    public (IRemoteFile File, long Position)? Kept { get; private set; }

    /// <summary>How many connections there are.</summary>
    public int Connections
    {
        get
        {
            lock (_gate) return _lines.Count;
        }
    }

    /// <summary>Why no connection is left; null while there is one, or all has come.</summary>
    public DownloadException? Failure { get; private set; }

    /// <summary>How many bytes nobody has brought yet.</summary>
    public long Left
    {
        get
        {
            lock (_gate) return _plan.Left + Runs.Sum(run => run.End - run.Next);
        }
    }

    /// <summary>Counts a connection that begins.</summary>
    /// <param name="host">Its server.</param>
    /// <param name="runs">How many usual runs it asks for at a time.</param>
    public SegmentLine Join(string host, int runs = 1)
    {
        var line = new SegmentLine(host, time, runs);
        lock (_gate) _lines.Add(line);
        return line;
    }

    /// <summary>Whether there will be nothing more to store.</summary>
    public bool IsOver
    {
        get
        {
            lock (_gate) return (IsAllBrought || _isClosed || _lines.Count == 0) && _arrived.IsEmpty;
        }
    }

    /// <summary>Says how many connections there should be. Of those that are too many the slowest leave at once.</summary>
    public void Want(int connections)
    {
        lock (_gate)
        {
            var staying = _lines.Where(line => !line.IsDismissed).ToList();
            foreach (var line in staying.OrderBy(line => _first is not null && line.Run == _first).ThenBy(line => line.Rate).Take(staying.Count - connections))
            {
                line.Dismiss();
                _ = line.Run?.Stop.CancelAsync();
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Gives a connection something to fetch, and waits for it where others may give something back.</summary>
    /// <returns>Null where the connection is to leave.</returns>
    public SegmentRun? TakeRun(SegmentLine line)
    {
        lock (_gate)
        {
            while (!_isClosed && !line.IsDismissed && !IsAllBrought)
            {
                if ((_plan.Take(sizes with { Run = sizes.Run * line.Runs }) ?? Split()) is { } range) return Begin(line, range);
                Monitor.Wait(_gate);
            }

            return null;
        }
    }

    /// <summary>Gives the connection that there is first what it goes on with, for so long that it need not be made anew should others gain
    /// nothing.</summary>
    public SegmentRun TakeFirst(SegmentLine line)
    {
        lock (_gate) return _first = Begin(line, _plan.Take(sizes with { Run = sizes.FirstRun })!);
    }

    /// <summary>Others are worth their while: the connection that there was first goes on as they do.</summary>
    public void ShortenFirst()
    {
        lock (_gate)
        {
            if (_first is not { } run) return;
            _first = null;
            var end = sizes.Cut(run.Untouched, run.Untouched + sizes.Run);
            if (end >= run.End) return;
            _plan.Return(new ImageRange(end, run.End));
            run.End = end;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Keeps the file of a run that has ended, if somebody goes on with it; else the connection closes it.</summary>
    public bool Keep(SegmentRun run, IRemoteFile file)
    {
        lock (_gate)
        {
            if (run != _first || !_isClosed || run.Stop.IsCancellationRequested) return false;
            Kept = (file, run.Next);
            return true;
        }
    }

    /// <summary>Gives the memory for the next piece of a run, and waits for it.</summary>
    /// <returns>Null where the run has ended.</returns>
    public Piece? BeginPiece(SegmentRun run)
    {
        lock (_gate)
        {
            while (!_isClosed && run.Next < run.End && !run.Stop.IsCancellationRequested)
            {
                if (_stock.Take() is { } piece)
                {
                    piece.Begin(run.Next, sizes.Cut(run.Next, Math.Min(run.End, run.Next + sizes.Piece)) - run.Next);
                    return run.Piece = piece;
                }

                _waiting++;
                Monitor.PulseAll(_gate);
                Monitor.Wait(_gate);
                _waiting--;
            }

            return null;
        }
    }

    /// <summary>Takes over what has come of a run's piece.</summary>
    public void EndPiece(SegmentRun run)
    {
        lock (_gate)
        {
            var piece = run.Piece!;
            (run.Piece, run.Next) = (null, piece.End);
            piece.Arrived = time.GetTimestamp();
            if (piece.Length > 0) _arrived.Add(piece);
            else _stock.Return(piece);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A connection has done with a run. What it has not brought is for the others.</summary>
    public void EndRun(SegmentLine line)
    {
        lock (_gate)
        {
            var run = line.Run!;
            line.End();
            if (run.Next < run.End) _plan.Return(new ImageRange(run.Next, run.End));
            run.Stop.Dispose();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>A connection leaves.</summary>
    /// <param name="line">The connection.</param>
    /// <param name="failure">What it failed of, or null. Where no other is left, that is the failure of the transfer.</param>
    public void Leave(SegmentLine line, DownloadException? failure)
    {
        lock (_gate)
        {
            _lines.Remove(line);
            if (_lines.Count == 0 && !_isClosed && !IsAllBrought) Failure = failure;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for what is to be stored next.</summary>
    /// <param name="position">The offset of the first byte that is not stored.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>Null when there is nothing to store yet.</returns>
    public SegmentWork? Next(long position, TimeSpan patience)
    {
        lock (_gate)
        {
            if (Find(position) is { } ready) return ready;
            if (!IsOver) Monitor.Wait(_gate, patience);
            return Find(position);
        }
    }

    /// <summary>Gives back the memory of what was stored.</summary>
    public void Release(IEnumerable<Piece> pieces)
    {
        lock (_gate)
        {
            foreach (var piece in pieces) _stock.Return(piece);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Adds memory for so many pieces.</summary>
    public void AddMemory(int pieces)
    {
        lock (_gate)
        {
            _stock.Add(pieces);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Stops every connection. What has come of its pieces is still to be stored.</summary>
    /// <param name="keepsFirst">Whether to keep the file of the first connection, if that still fetches its first run.</param>
    public void Close(bool keepsFirst)
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var run in Runs.Where(run => !(keepsFirst && run == _first))) _ = run.Stop.CancelAsync();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes a run away from a connection that is much slower than the others, so that its rest comes over a new one.</summary>
    public void Relieve()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            var isAwaited = _plan.IsEmpty && _lines.Exists(line => line.Run is null);
            if (_slow.Find(_lines, isAwaited) is not { Run: { } run } slow) return;
            if (isAwaited) slow.Dismiss();
            _ = run.Stop.CancelAsync();
        }
    }

    /// <summary>Gives all memory back, when no connection is left and everything is stored.</summary>
    public void Dispose() => _stock.Dispose();

    private IEnumerable<SegmentRun> Runs => _lines.Select(line => line.Run).OfType<SegmentRun>();

    private bool IsAllBrought => _plan.IsEmpty && !Runs.Any();

    private static SegmentRun Begin(SegmentLine line, ImageRange range)
    {
        var run = new SegmentRun(range, new CancellationTokenSource());
        line.Begin(run);
        return run;
    }

    // The second half of the run that has most before it.
    private ImageRange? Split()
    {
        var longest = Runs.MaxBy(run => run.End - run.Untouched);
        if (longest is null || longest.End - longest.Untouched < 2 * Math.Min(sizes.Piece, SegmentSizes.SmallestPiece)) return null;
        var middle = sizes.Cut(longest.Untouched, longest.Untouched + ((longest.End - longest.Untouched) / 2));
        var half = new ImageRange(middle, longest.End);
        longest.End = middle;
        return half;
    }

    private SegmentWork? Find(long position)
    {
        if (_arrived.TakeAt(position) is { } next) return new SegmentWork([next], IsBehind: false);
        var mustLeave = _waiting > 0 || _isClosed || _lines.Count == 0
            || (_arrived.Oldest is { } oldest && time.GetElapsedTime(oldest.Arrived) >= LongestWait);
        return mustLeave && _arrived.TakeLongestRun() is { Count: > 0 } behind ? new SegmentWork(behind, IsBehind: true) : null;
    }
}
