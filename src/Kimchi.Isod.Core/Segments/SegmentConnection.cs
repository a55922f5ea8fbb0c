using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Segments;

/// <summary>One connection of a transfer: fetches one run after the other, on a thread of its own. Blocks.</summary>
/// <param name="board">Gives the runs and takes the pieces.</param>
/// <param name="line">What the others see of it.</param>
/// <param name="source">The server.</param>
/// <param name="throttle">Keeps it under the limits.</param>
/// <param name="check">Looks at what has come; null where nothing is known of its pieces.</param>
/// <param name="received">Hears of what comes.</param>
/// <param name="time">The clock.</param>
internal sealed class SegmentConnection(
    SegmentBoard board, SegmentLine line, ISegmentSource source, Throttle throttle, PieceCheck? check, Action<int> received, TimeProvider time) : IDisposable
{
    // A piece of a slow connection is cut short: what is in memory only is lost when the daemon is killed.
    private static readonly TimeSpan LongestPiece = TimeSpan.FromSeconds(1);

    private readonly PatientWait _wait = new();
    private bool _isBroken;

    /// <summary>Whether it has brought any byte. The server does not want it, perhaps, where it has not.</summary>
    public bool HasBrought { get; private set; }

    /// <summary>Fetches until there is nothing more for it to fetch.</summary>
    /// <param name="opened">A file that is read at the first byte of <paramref name="first"/>, to go on with; or null.</param>
    /// <param name="first">The first run; null to take one.</param>
    /// <exception cref="DownloadException">The connection failed, for the second time where it has brought bytes.</exception>
    public void Run(IRemoteFile? opened, SegmentRun? first)
    {
        while ((first ?? board.TakeRun(line)) is { } run)
        {
            try
            {
                Fetch(run, opened);
                _isBroken = false;
            }
            catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
            {
                // Somebody else fetches the rest, or nobody wants it any more.
            }
            catch (DownloadException e) when (e.IsTransient && !e.IsUnusableRest && run.Received > 0 && !_isBroken)
            {
                // Connections break. That a new one breaks, too, is worth telling.
                _isBroken = true;
            }
            finally
            {
                board.EndRun(line);
                (opened, first) = (null, null);
            }
        }
    }

    public void Dispose() => throttle.Dispose();

    private void Fetch(SegmentRun run, IRemoteFile? opened)
    {
        var file = opened ?? _wait.ResultOf(source.OpenAsync(run.Asked, run.Stop.Token));
        var isKept = false;
        try
        {
            while (board.BeginPiece(run) is { } piece) FetchPiece(run, piece, file);
            isKept = board.Keep(run, file);
        }
        finally
        {
            if (!isKept) _wait.End(file.DisposeAsync());
        }
    }

    private void FetchPiece(SegmentRun run, Piece piece, IRemoteFile file)
    {
        try
        {
            Fill(piece, file, run.Stop.Token);
        }
        finally
        {
            if (piece.Length > 0) source.Brought(new ImageRange(piece.Start, piece.End));
            board.EndPiece(run);
        }
    }

    private void Fill(Piece piece, IRemoteFile file, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        while (!piece.IsFull && !board.IsClosed && !IsLate(piece, begun))
        {
            stop.ThrowIfCancellationRequested();
            var wanted = piece.Free[..throttle.Allow(piece.Free.Length)];
            var count = _wait.ResultOf(file.ReadAsync(wanted, stop));
            if (count == 0) throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{source.Host}: the server ended its part at byte {piece.End}");
            piece.Add(count);
            HasBrought = true;
            source.Count(count);
            received(count);
            _wait.End(throttle.PayAsync(count, stop));
        }

        if (check?.FindWrong(piece) is not { } wrong) return;
        piece.Drop();
        throw DownloadException.WrongBytes($"{source.Host}: the piece at byte {wrong} is not what the metalink says");
    }

    // A part of a piece whose hash is known could not be compared.
    private bool IsLate(Piece piece, long begun) => check is null && piece.Length > 0 && time.GetElapsedTime(begun) >= LongestPiece;
}
