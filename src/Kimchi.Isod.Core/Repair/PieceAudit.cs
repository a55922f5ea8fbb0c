using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;

namespace Kimchi.Isod.Core.Repair;

/// <summary>Compares the pieces of a stored image with the hashes that a metalink gives. Blocks.</summary>
internal static class PieceAudit
{
    /// <summary>The pieces that are wrong, in the order of their bytes.</summary>
    /// <param name="stored">The image; all of it is stored.</param>
    /// <param name="pieces">The hashes.</param>
    /// <param name="size">The image's size in bytes.</param>
    public static IReadOnlyList<ImageRange> FindWrong(StoredBytes stored, PieceHashes pieces, long size)
    {
        List<ImageRange> wrong = [];
        var hash = RunningHash.Create(pieces.Algorithm);
        try
        {
            stored.ReadParts(new ImageRange(0, Math.Min(size, pieces.Length * pieces.Count)), pieces.Length, bytes => hash.Append(bytes), End);
        }
        finally
        {
            hash.Dispose();
        }

        return wrong;

        void End(ImageRange piece)
        {
            if (!hash.Current().AsSpan().SequenceEqual(pieces[(int)(piece.Start / pieces.Length)].Span)) wrong.Add(piece);
            hash.Dispose();
            hash = RunningHash.Create(pieces.Algorithm);
        }
    }
}
