namespace Kimchi.Isod.Core.Checksums;

/// <summary>One line of a file of checksums.</summary>
/// <param name="Algorithm">The kind of the digest; null where nothing tells it and there are several of its length.</param>
/// <param name="Digest">Its hexadecimal digits, in lower case.</param>
/// <param name="Path">The file it belongs to, relative to the list perhaps; null where the line has nothing but a digest.</param>
internal sealed record ChecksumLine(ChecksumAlgorithm? Algorithm, string Digest, string? Path)
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads a line; null for one that has no digest of a known kind.</summary>
    /// <param name="line">The line.</param>
    /// <param name="hints">What is said of the kind elsewhere, the nearest first. The line's own word counts before all of them.</param>
    public static ChecksumLine? Parse(string line, params ReadOnlySpan<DigestKind> hints)
    {
        // sha256sum of GNU coreutils begins a line with a backslash where the name has one, or an end of line.
        var isEscaped = line.StartsWith('\\');
        var text = line[(isEscaped ? 1 : 0)..].Trim(Blanks).TrimEnd();
        var found = ParseTagged(text) ?? ParseNamed(text) ?? ParsePlain(text, hints);
        if (found?.Path is not { } path) return found;
        // Where it is not escaped, a backslash was written on Windows, and stands between folders.
        return found with { Path = isEscaped ? Unescape(path) : path.Replace('\\', '/') };
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

    // "SHA256 digest path", as PowerShell's Get-FileHash prints; "sha256:digest path", "sha256-digest path" (W3C, Subresource Integrity).
    private static ChecksumLine? ParseNamed(string text)
    {
        var end = text.IndexOfAny([' ', '\t', ':']);
        if (end < 0 || ChecksumAlgorithms.Find(text[..end]) is null) end = text.IndexOf('-', StringComparison.Ordinal);
        if (end <= 0 || ChecksumAlgorithms.Find(text[..end]) is not { } algorithm) return null;
        var (digest, path) = Split(text[(end + 1)..].TrimStart(Blanks));
        return Create(algorithm, digest, path);
    }

    // "digest  path" (text) or "digest *path" (binary): GNU coreutils. A digest alone: many a file.iso.sha256.
    private static ChecksumLine? ParsePlain(string text, ReadOnlySpan<DigestKind> hints)
    {
        var (digest, path) = Split(text);
        foreach (var hint in hints)
        {
            if (hint.IsForeign) return null;
            if (Create(hint.Algorithm, digest, path) is { } told) return told;
        }

        // Nothing tells, or what does tells of digests of another length.
        var hex = DigestText.IsHex(digest) ? digest.ToLowerInvariant() : DigestText.IsPadded(digest) ? DigestText.ToHex(digest) : null;
        return hex is not null && ChecksumAlgorithms.Strongest.Any(a => a.DigitCount() == hex.Length)
            ? new ChecksumLine(ChecksumAlgorithms.FindByDigitCount(hex.Length), hex, path)
            : null;
    }

    // A star after a second blank is the path's own.
    private static (string Digest, string? Path) Split(string text)
    {
        var end = text.IndexOfAny(Blanks);
        if (end < 0) return (text, null);
        var path = text[end..].TrimStart(Blanks);
        return (text[..end], path.StartsWith('*') && text[end + 1] == '*' ? path[1..] : path);
    }

    private static ChecksumLine? Create(ChecksumAlgorithm? algorithm, string digest, string? path)
    {
        if (algorithm is not { } known) return null;
        if (DigestText.IsHex(digest)) return digest.Length == known.DigitCount() ? new ChecksumLine(known, digest.ToLowerInvariant(), path) : null;
        return DigestText.ToHex(digest) is { } hex && hex.Length == known.DigitCount() ? new ChecksumLine(known, hex, path) : null;
    }

    private static string Unescape(string path) => string.Concat(path.Split(@"\\")
        .Select((part, i) => (i > 0 ? @"\" : "") + part
            .Replace(@"\n", "\n", StringComparison.Ordinal)
            .Replace(@"\r", "\r", StringComparison.Ordinal)));
}
