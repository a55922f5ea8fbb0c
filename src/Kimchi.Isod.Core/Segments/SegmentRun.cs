using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Segments;

/// <summary>Bytes that one connection fetches, piece by piece. Its numbers change under the lock of <see cref="SegmentBoard"/>.</summary>
/// <param name="range">The bytes.</param>
/// <param name="stop">Ends the reading at once.</param>
internal sealed class SegmentRun(ImageRange range, CancellationTokenSource stop)
{
    /// <summary>Ends the reading at once.</summary>
    public CancellationTokenSource Stop => stop;

    /// <summary>All its bytes when it was given out: what the connection asks for.</summary>
    public ImageRange Asked => range;

    /// <summary>The offset of the first byte of the next piece.</summary>
    public long Next { get; set; } = range.Start;

    /// <summary>The offset of the first byte that others fetch.</summary>
    public long End { get; set; } = range.End;

    /// <summary>The piece that is coming; null between two of them.</summary>
    public Piece? Piece { get; set; }

    /// <summary>The offset of the first byte that no piece was begun for.</summary>
    public long Untouched => Piece is { } piece ? piece.Start + piece.Capacity : Next;

    /// <summary>How many bytes have come.</summary>
    public long Received => (Piece?.End ?? Next) - range.Start;
}
