namespace Kimchi.Isod.Core.Segments;

/// <summary>How much is fetched at a time.</summary>
/// <param name="Piece">How many bytes come before they are stored.</param>
/// <param name="Run">How many bytes a connection asks for at a time.</param>
internal sealed record SegmentSizes(int Piece, long Run)
{
    /// <summary>For how many pieces there is memory for each connection.</summary>
    public const int PiecesOfEach = 4;

    /// <summary>The least that is worth a request.</summary>
    public const int SmallestPiece = 256 << 10;

    private const int LargestPiece = 2 << 20;
    private const long SmallestRun = 2 << 20;

    // Longer than it takes to find out that a second connection gains nothing.
    private const double FirstSeconds = 5;

    /// <summary>Pieces and runs end at multiples of this where they can; 0 for anywhere.</summary>
    public long Alignment { get; init; }

    /// <summary>Sizes for a transfer: a piece is what a connection brings in a second; a run is as much as there is memory for, so that those
    /// which are ahead need not wait for the one at the head, nor leave as windows of their own.</summary>
    /// <param name="rate">Bytes per second of one connection.</param>
    /// <param name="connections">How many connections there may be.</param>
    /// <param name="available">How much memory there is. A download leaves a part of it to others.</param>
    /// <param name="hashed">The length of the pieces that hashes are known of; 0 for none.</param>
    public static SegmentSizes For(double rate, int connections, long available, long hashed)
    {
        var share = available * 2 / 3 / (connections * PiecesOfEach);
        var piece = (long)Math.Clamp(Math.Min(rate, share), SmallestPiece, LargestPiece);
        var run = Math.Max(PiecesOfEach * piece, SmallestRun);
        var first = Math.Max(run, (long)(rate * FirstSeconds));
        if (hashed is 0 or > PieceCheck.LongestPiece) return new SegmentSizes((int)piece, run) { FirstRun = first };
        piece = Math.Max(1, piece / hashed) * hashed;
        return new SegmentSizes((int)piece, Math.Max(run, piece)) { Alignment = hashed, FirstRun = first };
    }

    /// <summary>How many bytes the connection that there is first goes on with.</summary>
    public long FirstRun { get; init; } = Run;

    /// <summary>Where to end instead, before <paramref name="end"/> and behind <paramref name="start"/>.</summary>
    public long Cut(long start, long end)
    {
        var aligned = Alignment == 0 ? end : end / Alignment * Alignment;
        return aligned > start ? aligned : end;
    }
}
