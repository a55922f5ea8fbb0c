using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Text of a header field, which comes as bytes: here one character for each (Latin-1).</summary>
internal static class HeaderText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text that the bytes are meant to be: UTF-8 where they are that, else Latin-1 (RFC 9110, section 5.5).</summary>
    public static string Decode(string raw) => IsPlain(raw) ? raw : Decode(Encoding.Latin1.GetBytes(raw));

    /// <summary>The text that bytes are meant to be: UTF-8 where they are that, else Latin-1.</summary>
    public static string Decode(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    // Text that no server sent may have characters that are no bytes; it is what it is.
    private static bool IsPlain(string text) => Ascii.IsValid(text) || text.Any(c => c > 0xff);
}
