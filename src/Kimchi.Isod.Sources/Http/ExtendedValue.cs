using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A parameter's value with its character set: <c>UTF-8'en'%e2%82%ac</c>, RFC 8187, section 3.2.</summary>
internal static class ExtendedValue
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Its text; null where it is malformed or in a character set that no recipient has to know (section 3.2.1).</summary>
    public static string? Decode(string value)
    {
        var parts = value.Trim('"').Split('\'', 3);
        if (parts.Length != 3 || CharacterSet(parts[0]) is not { } encoding) return null;
        if (Bytes(parts[2]) is not { } bytes) return null;
        try
        {
            return encoding.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Encoding? CharacterSet(string name) => name.Trim().ToUpperInvariant() switch
    {
        "UTF-8" or "UTF8" => StrictUtf8,
        "ISO-8859-1" => Encoding.Latin1,
        _ => null,
    };

    private static byte[]? Bytes(string text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] > 0x7f) return null;
            if (text[i] != '%')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var one)) return null;
            bytes.Add(one);
            i += 2;
        }

        return [.. bytes];
    }
}
