namespace Kimchi.Isod.Core.Checksums;

/// <summary>What words say of the kind of digests: one that is known, one that is not, or nothing.</summary>
/// <param name="Algorithm">The kind, where it is known.</param>
/// <param name="IsForeign">Whether it is one that is not known, whose digests must not be taken for another's of the same length.</param>
internal readonly record struct DigestKind(ChecksumAlgorithm? Algorithm, bool IsForeign)
{
    private static readonly string[] Endings = ["checksums", "checksum", "sums", "sum", "hashes", "hash", "digests", "digest"];

    // BSD's and OpenSSL's names with a dash or a slash in them, each as one word.
    private static readonly (string Written, string Word)[] Joined =
    [
        ("sha2-", "sha"), ("sha3-", "sha3x"), ("sha-", "sha"), ("sha512/", "sha512x"), ("blake2b-", "blake2bx"), ("blake2s-", "blake2sx"), ("ripemd-", "ripemd"), ("crc-", "crc"),
    ];

    // Prefixes of the kinds that lists are made of, besides those that are known.
    private static readonly string[] Foreign =
        ["sha224", "sha3", "sha512x", "blake2", "blake3", "b3", "whirlpool", "md2", "md4", "rmd", "ripemd", "streebog", "gost", "tiger", "sm3", "crc", "cksum", "xxh", "k12"];

    /// <summary>Whether anything is said.</summary>
    public bool IsTold => Algorithm is not null || IsForeign;

    /// <summary>Reads a comment such as <c># SHA512 HASH</c>. A kind is named by a word that stands by itself; the last one counts.</summary>
    public static DigestKind FindInComment(string line)
    {
        var told = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Trim('#', ':', ',', ';', '.', '(', ')', '[', ']', '"', '\''))
            .Where(word => word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '/' or '_'))
            .Select(FindIn).Where(kind => kind.IsTold);
        return told.LastOrDefault();
    }

    /// <summary>Reads a file's name such as <c>b2sums.txt</c> or <c>x.iso.sha256</c>. The last word that names a kind counts.</summary>
    public static DigestKind FindIn(string text)
    {
        var plain = text.ToLowerInvariant();
        foreach (var (written, word) in Joined) plain = plain.Replace(written, word, StringComparison.Ordinal);
        var found = default(DigestKind);
        foreach (var word in Words(plain))
        {
            if (OfWord(word) is { IsTold: true } kind) found = kind;
        }

        return found;
    }

    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            if (end < text.Length && char.IsAsciiLetterOrDigit(text[end])) continue;
            if (end > start) yield return text[start..end];
            start = end + 1;
        }
    }

    private static DigestKind OfWord(string word)
    {
        var ending = Endings.FirstOrDefault(e => word.Length > e.Length && word.EndsWith(e, StringComparison.Ordinal));
        var plain = ending is null ? word : word[..^ending.Length];
        if (plain is "b2" or "blake2bx512") return new DigestKind(ChecksumAlgorithm.Blake2b, IsForeign: false);
        if (ChecksumAlgorithms.Find(plain) is { } known) return new DigestKind(known, IsForeign: false);
        return new DigestKind(null, Foreign.Any(f => plain.StartsWith(f, StringComparison.Ordinal) && plain[f.Length..].All(IsOfKind)));
    }

    // What may follow: the length, and the variant.
    private static bool IsOfKind(char c) => char.IsAsciiDigit(c) || c is 'x' or 's' or 'b' or 'p' or 'h' or 'c';
}
