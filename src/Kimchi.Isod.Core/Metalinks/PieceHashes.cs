using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>What the pieces of a file must hash to: RFC 5854, section 4.2.10. Of SHA-1 and MD5 they locate a fault, and prove nothing.</summary>
/// <param name="Algorithm">The kind of the hashes.</param>
/// <param name="Length">Bytes of each piece; the last one may be shorter.</param>
/// <param name="Hashes">The hashes, one after the other.</param>
public sealed record PieceHashes(ChecksumAlgorithm Algorithm, long Length, ReadOnlyMemory<byte> Hashes)
{
    /// <summary>Bytes of one hash.</summary>
    public int HashSize => Algorithm.DigitCount() / 2;

    /// <summary>How many pieces there are.</summary>
    public int Count => Hashes.Length / HashSize;

    /// <summary>The hash of a piece.</summary>
    /// <param name="piece">Its number, from 0.</param>
    public ReadOnlyMemory<byte> this[int piece] => Hashes.Slice(piece * HashSize, HashSize);

    /// <summary>How many pieces a file of a size has.</summary>
    public long CountFor(long size) => (size / Length) + (size % Length > 0 ? 1 : 0);
}
