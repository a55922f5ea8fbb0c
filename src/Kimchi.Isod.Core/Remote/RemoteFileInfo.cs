namespace Kimchi.Isod.Core.Remote;

/// <summary>What a server says of a file.</summary>
/// <param name="Version">Its version and size.</param>
/// <param name="IsResumable">Whether the server can send it from a byte in the middle; null where it does not say.</param>
/// <param name="NameCandidates">File names for it, best first (<see cref="FileNameRanking"/>), of equal ones those of Content-Disposition, then
/// of the URL, then of the URL after redirects. As the server gave them: not yet checked against the rules for volume names.</param>
/// <param name="FinalUrl">Where it was found after redirects.</param>
/// <param name="ContentType">Its media type, or null.</param>
public sealed record RemoteFileInfo(
    Validator Version,
    bool? IsResumable,
    IReadOnlyList<string> NameCandidates,
    RemoteUrl FinalUrl,
    string? ContentType)
{
    /// <summary>Where the same file is, too, as the URL's own server says: RFC 6249. Only of one with a certificate.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; init; } = [];

    /// <summary>What the file hashes to, as the URL's own server says (RFC 9530, RFC 3230): a checksum such as <c>sha256:…</c>, SHA-256 or stronger.
    /// Null where it does not say, and for a server without a certificate.</summary>
    public string? Digest { get; init; }

    /// <summary>A metalink of the file, as the URL's own server says: RFC 6249. Only of one with a certificate.</summary>
    public RemoteUrl? MetalinkUrl { get; init; }

    /// <summary>The whole file's size in bytes, or null when the server does not tell.</summary>
    public long? SourceSize => Version.SourceSize;
}
