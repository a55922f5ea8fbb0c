using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Segments;

/// <summary>Moves all that is missing of an image into its volume, over as many connections as make it faster. Blocks.</summary>
/// <param name="sources">The servers, that of the connection which there is first.</param>
/// <param name="services">What it shares with other downloads.</param>
/// <param name="ramp">Says how many connections there should be.</param>
/// <param name="listener">Hears of what comes.</param>
internal sealed class SegmentedTransfer(IReadOnlyList<ISegmentSource> sources, SegmentServices services, ConnectionRamp ramp, ITransferListener listener)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether one connection can go on with the file, which is read to <see cref="WindowedStorage.Position"/>.</summary>
    public bool IsFileKept { get; private set; }

    /// <summary>Moves bytes until all have come, one connection is as good as several, or <paramref name="stop"/> fires.</summary>
    /// <param name="file">The file, read to <see cref="WindowedStorage.Position"/>. It is disposed of, unless <see cref="IsFileKept"/>.</param>
    /// <param name="storage">Where the bytes go. The last ones are not checkpointed.</param>
    /// <param name="missing">What is missing, in the order of the bytes.</param>
    /// <param name="sizes">How much is fetched at a time.</param>
    /// <param name="stop">Ends reading; what has arrived is stored.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="InvalidOperationException">What is missing does not begin where the storage is.</exception>
    /// <exception cref="DownloadException">The last connection failed, or the storage did.</exception>
    public TransferEnd Run(IRemoteFile file, WindowedStorage storage, IReadOnlyList<ImageRange> missing, SegmentSizes sizes, CancellationToken stop)
    {
        if (missing[0].Start != storage.Position)
            throw new InvalidOperationException($"the file is read to byte {storage.Position}, and what is missing begins at {missing[0].Start}");
        using var board = new SegmentBoard(missing, sizes, services.Time);
        using var team = new SegmentTeam(board, sources, services, sizes, listener.BytesReceived);
        if (!team.TryBegin(file))
        {
            ramp.Bound(1);
            IsFileKept = true;
            return TransferEnd.Enough;
        }

        using (stop.UnsafeRegister(static b => ((SegmentBoard)b!).Close(keepsFirst: false), board)) FillBy(board, team, storage);
        while (!board.IsOver) StoreNext(board, storage);
        TakeBack(board, storage);
        if (!team.HasUsable) ramp.Forbid();
        else if (board.Failure is { IsUnusableRest: false } failure) throw failure;
        return stop.IsCancellationRequested ? TransferEnd.Stopped : board.Left == 0 ? TransferEnd.Complete : TransferEnd.Enough;
    }

    private void FillBy(SegmentBoard board, SegmentTeam team, WindowedStorage storage)
    {
        var isWell = false;
        try
        {
            while (!board.IsOver && Adjust(board, team)) StoreNext(board, storage);
            isWell = true;
        }
        finally
        {
            board.Close(keepsFirst: isWell);
            team.Wait();
        }
    }

    private void TakeBack(SegmentBoard board, WindowedStorage storage)
    {
        if (board.Kept is not { } kept) return;
        IsFileKept = kept.Position == storage.Position;
        if (!IsFileKept) new PatientWait().End(kept.File.DisposeAsync());
    }

    // Whether it goes on with several connections.
    private bool Adjust(SegmentBoard board, SegmentTeam team)
    {
        ramp.Note(board.Left, services.Limits.Any(limit => limit.IsBinding));
        if (!team.HasUsable) ramp.Forbid();
        board.Want(ramp.Level);
        if (ramp.HasGained) board.ShortenFirst();
        // Where none is left, the last one's failure is that of the transfer.
        while (board.Connections > 0 && board.Connections < ramp.Level && board.Left > 0)
        {
            if (team.TryAdd()) continue;
            ramp.Bound(Math.Max(1, board.Connections));
            break;
        }

        board.Relieve();
        listener.Connected(board.Connections);
        return ramp.Level > 1;
    }

    private void StoreNext(SegmentBoard board, WindowedStorage storage)
    {
        var patience = storage.Patience == Timeout.InfiniteTimeSpan || storage.Patience > Tick ? Tick : storage.Patience;
        if (board.Next(storage.Position, patience) is not { } work)
        {
            storage.Store(ReadOnlyMemory<byte>.Empty);
            return;
        }

        if (work.IsBehind) storage.StoreBehind(work.Pieces[0].Start, [.. work.Pieces.Select(piece => piece.Bytes)]);
        else storage.Store(work.Pieces[0].Bytes);
        board.Release(work.Pieces);
        if (work.IsBehind || storage.IsFull) storage.GoOn(listener.NextMissing);
    }
}
