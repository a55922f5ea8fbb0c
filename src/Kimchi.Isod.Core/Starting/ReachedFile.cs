using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Starting;

/// <summary>A file that is open at one of the places where it is.</summary>
/// <param name="File">The file.</param>
/// <param name="Remote">How its server was asked for it.</param>
/// <param name="Mirrors">The other places.</param>
/// <param name="Metalink">What a metalink says of it; null where there is none.</param>
/// <param name="IsByMetalink">Whether the URL was that metalink.</param>
internal sealed record ReachedFile(IRemoteFile File, RemoteRequest Remote, IReadOnlyList<Mirror> Mirrors, Metalink? Metalink, bool IsByMetalink)
{
    /// <summary>What its server says of it, and before all other names that of the metalink which led to it.</summary>
    public RemoteFileInfo Info => IsByMetalink && Metalink?.FileName is { } name
        ? File.Info with { NameCandidates = [name, .. File.Info.NameCandidates.Where(other => other != name)] }
        : File.Info;

    /// <summary>What its pieces must hash to, where it has the size that they are of.</summary>
    public PieceHashes? Pieces => Metalink is { Pieces: { } pieces, Size: { } size } && size == File.Info.Size ? pieces : null;

    /// <summary>What it must hash to: what the user wants, else what the metalink says, where that proves something.</summary>
    /// <exception cref="DownloadException">They contradict each other.</exception>
    public Checksum? Judge(Checksum? wanted)
    {
        if (wanted is null) return Metalink?.Checksum;
        if (Metalink?.Hashes.FirstOrDefault(hash => hash.Algorithm == wanted.Algorithm) is { } told && told != wanted)
            throw Metalinks.Metalink.Invalid($"it says that the file has {told}, where {wanted} is asked for: one of them is wrong, or of another file");
        return wanted;
    }
}
