using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Remote;

/// <summary>Headers that a user wants sent with requests to one server, and to no other: tokens, cookies. Never logged: the text form tells
/// nothing.</summary>
public sealed class OriginHeaders : IEquatable<OriginHeaders>
{
    /// <summary>How many there may be.</summary>
    public const int Most = 32;

    /// <summary>How many characters they may have, names and values together.</summary>
    public const int MostCharacters = 16 * 1024;

    private const string TokenMarks = "!#$%&'*+-.^_`|~";

    // What the daemon says itself of the connection, the body, and the part of the file that it wants.
    private static readonly string[] Reserved =
    [
        "Host", "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "HTTP2-Settings",
        "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Accept-Encoding", "Accept-Ranges",
        "Allow", "Expires", "Last-Modified",
    ];

    private readonly RemoteUrl _origin;

    private OriginHeaders(RemoteUrl origin, IReadOnlyList<(string Name, string Value)> all) => (_origin, All) = (origin, all);

    /// <summary>Names and values.</summary>
    public IReadOnlyList<(string Name, string Value)> All { get; }

    /// <summary>The server that they are for, as a URL with no path.</summary>
    public string Origin => _origin.Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Reads the headers of a request.</summary>
    /// <param name="origin">The URL whose server they are for.</param>
    /// <param name="given">Names and values.</param>
    /// <returns>Null for none.</returns>
    /// <exception cref="DownloadException">One of them cannot be sent (<see cref="DownloadErrorKind.FieldInvalid"/>). No value is named.</exception>
    public static OriginHeaders? Read(RemoteUrl origin, IEnumerable<KeyValuePair<string, string?>> given)
    {
        List<(string Name, string Value)> all = [];
        foreach (var (name, value) in given)
        {
            if (FindFault(name, value) is { } fault) throw Invalid($"headers: {Quote(name)} cannot be sent: {fault}");
            if (all.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) throw Invalid($"headers: {Quote(name)} is there twice");
            all.Add((name, value!.Trim(' ', '\t')));
        }

        if (all.Count == 0) return null;
        if (origin.Uri.Scheme is not ("http" or "https")) throw Invalid($"the field 'headers' is for http and https URLs; {origin.Uri.Scheme} has none");
        if (all.Count > Most) throw Invalid($"the field 'headers' has {all.Count} headers: give at most {Most}");
        if (all.Sum(header => header.Name.Length + header.Value.Length) > MostCharacters)
            throw Invalid($"the field 'headers' has more than {MostCharacters} characters");
        return new OriginHeaders(origin, all);
    }

    /// <summary>Whether a request may have them: it goes to their server, by the same protocol.</summary>
    public bool AreFor(RemoteUrl target) => target.IsSameServerAs(_origin);

    /// <summary>Whether one of them has a name, in upper or lower case.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The value of a header; null where there is none.</summary>
    public string? Find(string name) => All.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The same headers for the same server, whose name is written in another way.</summary>
    public OriginHeaders WithOrigin(Func<RemoteUrl, RemoteUrl> map) => new(map(_origin), All);

    /// <summary>A text of somebody else's without what they have that is secret: each value, and each word of it that could be a token.</summary>
    public string Mask(string text)
    {
        const int ShortestToken = 6;
        foreach (var secret in All.Select(h => h.Value).Concat(All.SelectMany(h => h.Value.Split(' ', ';', ','))).Where(s => s.Length >= ShortestToken))
            text = text.Replace(secret, "…", StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <inheritdoc/>
    public bool Equals(OriginHeaders? other) => other is not null && Origin == other.Origin && All.SequenceEqual(other.All);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as OriginHeaders);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Origin, All.Count);

    /// <inheritdoc/>
    public override string ToString() => "(headers)";

    private static string? FindFault(string name, string? value)
    {
        // RFC 9110, section 5.6.2.
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || TokenMarks.Contains(c, StringComparison.Ordinal)))
            return "a name has letters, digits and dashes only";
        if (name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)) return "network:user_agent sets it for all downloads";
        if (Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || IsOf(name, "Content-") || IsOf(name, "Proxy-"))
            return "the daemon sets it itself where it is needed";
        if (value is null) return "its value must be a text";
        // Section 5.5, without the bytes that are not ASCII, of which nobody knows what they mean.
        return value.All(c => c is >= ' ' and <= '~' or '\t') ? null : "its value has a line break, a control character or one that is not ASCII";
    }

    private static bool IsOf(string name, string family) => name.StartsWith(family, StringComparison.OrdinalIgnoreCase);

    private static string Quote(string name) => Volumes.VolumeName.Quote(name);

    private static DownloadException Invalid(string why) => new(DownloadErrorKind.FieldInvalid, why);
}
