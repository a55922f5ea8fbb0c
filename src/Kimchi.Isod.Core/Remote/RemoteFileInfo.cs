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
    /// <summary>The whole file's size in bytes, or null when the server does not tell.</summary>
    public long? SourceSize => Version.SourceSize;
}
