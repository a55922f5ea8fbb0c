namespace Kimchi.Isod.Core.Remote;

/// <summary>What to open, and from where.</summary>
/// <param name="Url">The address.</param>
/// <param name="Credentials">For the host of <paramref name="Url"/> only, never for one it redirects to; null for none.</param>
/// <param name="SourceOffset">The first byte wanted, 0 for the whole file.</param>
/// <param name="Expected">The version that the bytes before <paramref name="SourceOffset"/> came from; null when it is 0.</param>
/// <param name="IsJudged">Whether a checksum will judge the whole, so that bytes may be put together on weak evidence.</param>
/// <param name="RangeRefusals">How often in a row the rest was asked for and the reply could not be used. From
/// <see cref="MostRangeRefusals"/> on it is not asked for any more.</param>
public sealed record RemoteRequest(
    RemoteUrl Url, Credentials? Credentials, long SourceOffset = 0, Validator? Expected = null, bool IsJudged = false, int RangeRefusals = 0)
{
    /// <summary>After so many replies that cannot be used, another question is asked.</summary>
    public const int MostRangeRefusals = 2;

    /// <summary>How many stored bytes are compared at most with what a source sends of them again.</summary>
    public const int MostCompared = 64 * 1024;

    /// <summary>The user's headers, which go to their own server only; null for none.</summary>
    public OriginHeaders? Headers { get; init; }

    /// <summary>The offset of the first byte that is not wanted; null for all to the end of the file. A source may send more.</summary>
    public long? SourceEnd { get; init; }

    /// <summary>Whether exactly the bytes from <see cref="SourceOffset"/> to <see cref="SourceEnd"/> are wanted and nothing in their place, beside those of
    /// other connections.</summary>
    public bool IsSegment { get; init; }

    /// <summary>Whether text is wanted, such as a list of checksums: that it is labelled as a web page is no reason to refuse it then, as long
    /// as it is none.</summary>
    public bool IsForText { get; init; }

    /// <summary>Asks for a text that belongs to the file, such as a list of checksums: with the address' own credentials, else with those of the file
    /// on the file's server only.</summary>
    public RemoteRequest ForText(RemoteUrl url) =>
        new(url, url.Credentials ?? (url.IsSameServerAs(Url) ? Credentials : null)) { IsForText = true, Headers = Headers };

    /// <summary>Whether bytes of a version may be put together with those that are stored.</summary>
    public bool Allows(VersionMatch match) => match is VersionMatch.Same || (match is VersionMatch.Unknown && IsJudged);
}
