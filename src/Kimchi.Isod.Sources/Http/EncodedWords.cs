using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Mail's way to write other characters (RFC 2047), which does not belong into HTTP's headers (RFC 6266, appendix C.1) but is in them:
/// <c>=?UTF-8?B?ZGViaWFuLmlzbw==?=</c>.</summary>
internal static class EncodedWords
{
    private const string Begin = "=?";
    private const string End = "?=";

    /// <summary>The text with its encoded words read. One that cannot be read stays as it is.</summary>
    public static string Decode(string text)
    {
        var decoded = new StringBuilder();
        // A character may go from one word into the next; the white space between them is not the text's (section 6.2).
        var (bytes, set, gap) = (new List<byte>(), "", "");
        for (var at = 0; at < text.Length;)
        {
            if (Word.At(text, at) is { } word && (bytes.Count == 0 || word.Set == set))
            {
                bytes.AddRange(word.Bytes);
                (set, gap, at) = (word.Set, "", at + word.Length);
            }
            else if (bytes.Count > 0 && text[at] is ' ' or '\t')
            {
                gap += text[at++];
            }
            else
            {
                decoded.Append(Text(bytes, set)).Append(gap);
                bytes.Clear();
                gap = "";
                if (Word.At(text, at) is null) decoded.Append(text[at++]);
            }
        }

        return decoded.Append(Text(bytes, set)).Append(gap).ToString();
    }

    private static string Text(List<byte> bytes, string set) =>
        set == Word.Latin ? Encoding.Latin1.GetString([.. bytes]) : HeaderText.Decode([.. bytes]);

    // =?charset*language?B or Q?text?= (section 2). No blank is in it.
    private sealed record Word(string Set, byte[] Bytes, int Length)
    {
        public const string Latin = "ISO-8859-1";

        public static Word? At(string text, int at)
        {
            if (string.CompareOrdinal(text, at, Begin, 0, Begin.Length) != 0) return null;
            var parts = text[(at + Begin.Length)..].Split('?', 4);
            if (parts.Length < 4 || parts[3] is not ['=', ..] || parts[2].Contains(' ', StringComparison.Ordinal)) return null;
            var set = parts[0].Split('*')[0].ToUpperInvariant();
            if (set is not ("UTF-8" or "UTF8" or "US-ASCII" or Latin)) return null;
            var bytes = parts[1] switch
            {
                "B" or "b" => BBytes(parts[2]),
                "Q" or "q" => QBytes(parts[2]),
                _ => null,
            };
            return bytes is { Length: > 0 } ? new Word(set, bytes, Begin.Length + parts[0].Length + parts[1].Length + parts[2].Length + 2 + End.Length) : null;
        }

        private static byte[]? BBytes(string text)
        {
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text.TrimEnd('=').PadRight((text.TrimEnd('=').Length + 3) / 4 * 4, '='), bytes, out var count) ? bytes[..count] : null;
        }

        // Section 4.2.
        private static byte[]? QBytes(string text)
        {
            var bytes = new List<byte>(text.Length);
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] > 0x7f) return null;
                if (text[i] != '=')
                {
                    bytes.Add((byte)(text[i] == '_' ? ' ' : text[i]));
                    continue;
                }

                if (i + 2 >= text.Length || !byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out var one)) return null;
                bytes.Add(one);
                i += 2;
            }

            return [.. bytes];
        }
    }
}
