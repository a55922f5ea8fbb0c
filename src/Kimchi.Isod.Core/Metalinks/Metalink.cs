using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>What a metalink says of one file: RFC 5854, or version 3 of http://www.metalinker.org.</summary>
/// <param name="FileName">The file's name, without a path; null where it has none.</param>
/// <param name="Size">Its size in bytes; null where it is not told.</param>
/// <param name="Hashes">What it must hash to, of each known kind once, the strongest first.</param>
/// <param name="Pieces">What its pieces must hash to, of the strongest kind; null where that is not told, or the size is not.</param>
/// <param name="Mirrors">Where it is, the best first: <see cref="Mirror.Best"/>.</param>
public sealed record Metalink(
    string? FileName, long? Size, IReadOnlyList<Checksum> Hashes, PieceHashes? Pieces, IReadOnlyList<Mirror> Mirrors)
{
    /// <summary>The strongest hash, where it proves something: SHA-256 or stronger. Null otherwise.</summary>
    public Checksum? Checksum => Hashes.FirstOrDefault(hash => hash.Algorithm >= ChecksumAlgorithm.Sha256);

    /// <summary>Whether it came encrypted from a server with a certificate: nobody on the way has changed it.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>A metalink that cannot be used (<see cref="DownloadErrorKind.MetalinkInvalid"/>).</summary>
    internal static DownloadException Invalid(string why, Exception? inner = null) =>
        new(DownloadErrorKind.MetalinkInvalid, $"the metalink cannot be used: {why}", inner);
}
