using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Metalinks;

namespace Kimchi.Isod.Core.Segments;

/// <summary>Compares what a connection has brought with the hashes that a metalink gives, before any of it is stored.</summary>
/// <remarks>Hashes of SHA-1 locate a fault and prove nothing: the checksum of the whole decides in any case.</remarks>
/// <param name="hashes">The hashes.</param>
/// <param name="size">The size of the image in bytes.</param>
internal sealed class PieceCheck(PieceHashes hashes, long size)
{
    /// <summary>The longest pieces that are held in memory for it.</summary>
    public const long LongestPiece = 4 << 20;

    /// <summary>The offset of the first byte that is wrong, by the piece that it is in; null where all whole pieces are right.</summary>
    public long? FindWrong(Piece piece)
    {
        for (var number = (piece.Start + hashes.Length - 1) / hashes.Length; number < hashes.Count; number++)
        {
            var start = number * hashes.Length;
            var end = Math.Min(start + hashes.Length, size);
            if (end > piece.End || start >= end) return null;
            using var hash = RunningHash.Create(hashes.Algorithm);
            hash.Append(piece.Bytes.Span[(int)(start - piece.Start)..(int)(end - piece.Start)]);
            if (!hash.Current().AsSpan().SequenceEqual(hashes[(int)number].Span)) return start;
        }

        return null;
    }
}
