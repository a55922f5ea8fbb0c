namespace Kimchi.Isod.Core.Checksums;

/// <summary>One line of a file of checksums.</summary>
/// <param name="Algorithm">The kind of the digest.</param>
/// <param name="Digest">Its hexadecimal digits, in lower case.</param>
/// <param name="Path">The file it belongs to, relative to the list perhaps; null where the line has nothing but a digest.</param>
internal sealed record ChecksumLine(ChecksumAlgorithm Algorithm, string Digest, string? Path)
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads a line; null for one that has no digest of a known kind.</summary>
    public static ChecksumLine? Parse(string line)
    {
        // sha256sum of GNU coreutils begins a line with a backslash where the name has one, or an end of line.
        var isEscaped = line.StartsWith('\\');
        var text = line[(isEscaped ? 1 : 0)..].TrimEnd();
        var found = ParseTagged(text) ?? ParsePlain(text);
        return isEscaped && found?.Path is { } path ? found with { Path = Unescape(path) } : found;
    }

    // "SHA256 (path) = digest", with or without the blanks: the BSDs, sha256sum --tag, openssl dgst.
    private static ChecksumLine? ParseTagged(string text)
    {
        var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
        if (open <= 0 || close < open) return null;
        var rest = text[(close + 1)..].Trim(Blanks);
        if (!rest.StartsWith('=')) return null;
        return Create(ChecksumAlgorithms.Find(text[..open].TrimEnd(Blanks)), rest[1..].TrimStart(Blanks), text[(open + 1)..close]);
    }

    // "digest  path" (text) or "digest *path" (binary): GNU coreutils. A digest alone: many a file.iso.sha256. A star after a second blank
    // is the path's own.
    private static ChecksumLine? ParsePlain(string text)
    {
        var end = text.IndexOfAny(Blanks);
        var digest = end < 0 ? text : text[..end];
        var path = end < 0 ? null : text[end..].TrimStart(Blanks);
        if (path?.StartsWith('*') == true && text[end + 1] == '*') path = path[1..];
        return Create(ChecksumAlgorithms.FindByDigitCount(digest.Length), digest, path);
    }

    private static ChecksumLine? Create(ChecksumAlgorithm? algorithm, string digest, string? path) =>
        algorithm is { } known && digest.Length == known.DigitCount() && digest.All(char.IsAsciiHexDigit)
            ? new ChecksumLine(known, digest.ToLowerInvariant(), path)
            : null;

    private static string Unescape(string path) => string.Concat(path.Split(@"\\")
        .Select((part, i) => (i > 0 ? @"\" : "") + part
            .Replace(@"\n", "\n", StringComparison.Ordinal)
            .Replace(@"\r", "\r", StringComparison.Ordinal)));
}
