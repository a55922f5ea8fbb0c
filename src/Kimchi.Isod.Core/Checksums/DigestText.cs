namespace Kimchi.Isod.Core.Checksums;

/// <summary>How a digest is written: in hexadecimal digits, or in base64 (RFC 4648, section 4).</summary>
internal static class DigestText
{
    // That of SHA-512.
    private const int LongestBase64 = 88;

    /// <summary>Whether it is hexadecimal, as one that could be both is.</summary>
    public static bool IsHex(string digest) => digest.Length > 0 && digest.All(char.IsAsciiHexDigit);

    /// <summary>Whether it is padded: a word of a text never looks like that.</summary>
    public static bool IsPadded(string digest) => digest.EndsWith('=');

    /// <summary>The hexadecimal digits of base64; null where it is none.</summary>
    public static string? ToHex(string digest)
    {
        Span<byte> bytes = stackalloc byte[LongestBase64];
        return digest.Length is > 0 and <= LongestBase64 && Convert.TryFromBase64String(digest, bytes, out var count)
            ? Convert.ToHexStringLower(bytes[..count])
            : null;
    }
}
