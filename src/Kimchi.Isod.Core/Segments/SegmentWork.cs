namespace Kimchi.Isod.Core.Segments;

/// <summary>Pieces that follow each other and are to be stored.</summary>
/// <param name="Pieces">The pieces in the order of their bytes, at least one.</param>
/// <param name="IsBehind">Whether bytes before them are missing, so that they become a window of their own.</param>
internal sealed record SegmentWork(IReadOnlyList<Piece> Pieces, bool IsBehind);
