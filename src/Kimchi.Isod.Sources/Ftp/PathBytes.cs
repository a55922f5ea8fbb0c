using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>The bytes that a part of a URL's path stands for: FTP's names are bytes, whatever their encoding (RFC 1738, section 2.2).</summary>
internal static class PathBytes
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Takes the percent-encoding away. A percent sign with no two digits behind it stands for itself.</summary>
    public static byte[] Decode(string path)
    {
        var encoded = Encoding.UTF8.GetBytes(path);
        var decoded = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            var isEscape = encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
            decoded.Add(isEscape ? byte.Parse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : encoded[i]);
            if (isEscape) i += 2;
        }

        return [.. decoded];
    }

    /// <summary>A name as people read it: UTF-8 where it is that, else Latin-1.</summary>
    public static string Show(byte[] name)
    {
        try
        {
            return StrictUtf8.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(name);
        }
    }
}
