using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A reference to a URL as it comes in a header: bytes that should have been percent-encoded, and often are not.</summary>
internal static class LocationText
{
    /// <summary>The reference with the same bytes in its path and query, percent-encoded as browsers and curl do. The host's name, which
    /// has no bytes, is read as text.</summary>
    /// <param name="raw">The header's value, a character for each byte.</param>
    public static string Decode(string raw)
    {
        if (Ascii.IsValid(raw)) return raw;
        var path = PathStart(raw);
        return HeaderText.Decode(raw[..path]) + Encode(raw[path..]);
    }

    // What follows "//", also behind a scheme, is a host: RFC 3986, section 4.2.
    private static int PathStart(string raw)
    {
        var mark = raw.IndexOf("//", StringComparison.Ordinal);
        var hasAuthority = mark == 0 || (mark > 0 && raw[mark - 1] == ':' && raw.AsSpan(0, mark - 1).IndexOfAny("/?#") < 0);
        if (!hasAuthority) return 0;
        var end = raw.AsSpan(mark + 2).IndexOfAny("/?#\\");
        return end < 0 ? raw.Length : mark + 2 + end;
    }

    // Characters that are no bytes did not come from a server's header.
    private static string Encode(string raw)
    {
        var bytes = raw.Any(c => c > 0xff) ? Encoding.UTF8.GetBytes(raw) : Encoding.Latin1.GetBytes(raw);
        var encoded = new StringBuilder(raw.Length * 2);
        foreach (var one in bytes)
        {
            if (one < 0x80) encoded.Append((char)one);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        }

        return encoded.ToString();
    }
}
