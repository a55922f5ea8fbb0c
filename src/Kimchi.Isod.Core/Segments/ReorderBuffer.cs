namespace Kimchi.Isod.Core.Segments;

/// <summary>Pieces that have come and are not stored yet, whichever came first.</summary>
internal sealed class ReorderBuffer
{
    private readonly SortedList<long, Piece> _pieces = [];

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>The piece that came first of all; null where there are none.</summary>
    public Piece? Oldest => _pieces.Values.MinBy(piece => piece.Arrived);

    /// <summary>Adds a piece, of which at least one byte has come.</summary>
    public void Add(Piece piece) => _pieces.Add(piece.Start, piece);

    /// <summary>Takes the piece that begins at an offset; null where it has not come.</summary>
    public Piece? TakeAt(long offset) => _pieces.Remove(offset, out var piece) ? piece : null;

    /// <summary>Takes the longest run of pieces that follow each other; none where there are no pieces.</summary>
    public IReadOnlyList<Piece> TakeLongestRun()
    {
        var (longest, start) = (0, 0);
        for (int i = 0, first = 0; i < _pieces.Count; i++)
        {
            if (i > 0 && _pieces.GetValueAtIndex(i - 1).End != _pieces.GetKeyAtIndex(i)) first = i;
            if (i - first + 1 > longest) (longest, start) = (i - first + 1, first);
        }

        var run = Enumerable.Range(start, longest).Select(_pieces.GetValueAtIndex).ToList();
        foreach (var piece in run) _pieces.Remove(piece.Start);
        return run;
    }
}
