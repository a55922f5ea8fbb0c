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
    /// <summary>Whether it is open at the URL itself, whose server vouches for what it says of it.</summary>
    public bool IsOfUrl { get; init; }

    /// <summary>Whether the metalink is one that the URL's server has pointed to, and nobody asked for.</summary>
    public bool IsMetalinkVouched { get; init; }

    /// <summary>How many connections its server is to have at most; null where nothing tells.</summary>
    public int? MostConnections { get; init; }

    /// <summary>Why the file was not opened at other places, by their addresses.</summary>
    public IReadOnlyDictionary<Uri, string> Refused { get; init; } = new Dictionary<Uri, string>();

    /// <summary>What its server says of it, and before all other names that of the metalink which led to it.</summary>
    public RemoteFileInfo Info => IsByMetalink && Metalink?.FileName is { } name
        ? File.Info with { NameCandidates = [name, .. File.Info.NameCandidates.Where(other => other != name)] }
        : File.Info;

    /// <summary>What the URL's server says that it hashes to (<see cref="RemoteFileInfo.Digest"/>); null where it does not say.</summary>
    public Checksum? Digest => IsOfUrl && File.Info.Digest is { } digest ? Checksum.Parse(digest) : null;

    /// <summary>What its pieces must hash to, where it has the size that they are of.</summary>
    public PieceHashes? Pieces => Metalink is { Pieces: { } pieces, Size: { } size } && size == File.Info.SourceSize ? pieces : null;

    /// <summary>What it must hash to, where the user does not say; with who says so.</summary>
    public SourcedChecksum? Told =>
        Metalink?.Checksum is { } hash ? new(hash, IsMetalinkVouched ? $"the metalink {File.Info.MetalinkUrl}" : "the metalink")
        : Digest is { } digest ? new(digest, $"the server's reply for {Remote.Url}")
        : null;

    /// <summary>Why a metalink that the URL's server points to is not of the file that it gives; null where it may be.</summary>
    public string? FindContradiction(Metalink metalink) =>
        metalink.Size is { } told && File.Info.SourceSize is { } size && size != told ? $"it is of {told} bytes, where the file has {size}"
        : Digest is { } digest && Contradicts(metalink, digest) ? "it has another hash than the server's reply"
        : null;

    /// <summary>This, as far as it agrees with what the user wants.</summary>
    /// <exception cref="DownloadException">The metalink that was asked for is of another image.</exception>
    public ReachedFile Reconcile(Checksum? wanted)
    {
        if (wanted is null || Metalink is null || !Contradicts(Metalink, wanted)) return this;
        if (IsMetalinkVouched) return this with { Metalink = null, IsMetalinkVouched = false };
        var told = Metalink.Hashes.First(hash => hash.Algorithm == wanted.Algorithm);
        throw Metalinks.Metalink.Invalid($"it says that the file has {told}, where {wanted} is asked for: one of them is wrong, or of another file");
    }

    private static bool Contradicts(Metalink metalink, Checksum checksum) =>
        metalink.Hashes.Any(hash => hash.Algorithm == checksum.Algorithm && hash != checksum);
}
