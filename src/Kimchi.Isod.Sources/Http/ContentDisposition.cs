using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The file names that Content-Disposition gives: RFC 6266, read with the patience that servers need.</summary>
internal static class ContentDisposition
{
    // Others that are white space as characters are bytes of a character here.
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The names, best first: <c>filename*</c>, then <c>filename</c> (section 4.3), of each their last part only.</summary>
    /// <param name="header">The header's value, a character for each byte; null for none.</param>
    public static IEnumerable<string> FileNames(string? header)
    {
        var parameters = Parameters(header ?? "").ToArray();
        return new[] { Find("filename*") is { } extended ? ExtendedValue.Decode(extended) : null, Text(Find("filename")) }
            .OfType<string>().Select(LastPart).Where(name => name.Length > 0);

        // The first of several counts.
        string? Find(string name) => parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private static string? Text(string? value) => value is null ? null : EncodedWords.Decode(HeaderText.Decode(value));

    private static IEnumerable<(string Name, string Value)> Parameters(string header)
    {
        // The type (attachment, inline) comes first; some servers leave it out.
        var position = 0;
        while (position < header.Length)
        {
            var name = ReadUntil(header, ref position, "=;").Trim(Blanks);
            if (position == header.Length || header[position++] == ';') continue;
            yield return (name, ReadValue(header, ref position));
            position++;
        }
    }

    private static string ReadValue(string header, ref int position)
    {
        while (position < header.Length && header[position] is ' ' or '\t') position++;
        if (position == header.Length || header[position] != '"') return ReadUntil(header, ref position, ";").Trim(Blanks);
        position++;
        var value = ReadQuoted(header, ref position);
        ReadUntil(header, ref position, ";");
        return value;
    }

    // quoted-string: RFC 9110, section 5.6.4.
    private static string ReadQuoted(string header, ref int position)
    {
        var value = new StringBuilder();
        for (; position < header.Length && header[position] != '"'; position++)
        {
            if (header[position] == '\\' && position + 1 < header.Length) position++;
            value.Append(header[position]);
        }

        return value.ToString();
    }

    private static string ReadUntil(string header, ref int position, string ends)
    {
        var length = header.AsSpan(position).IndexOfAny(ends);
        var start = position;
        position = length < 0 ? header.Length : position + length;
        return header[start..position];
    }

    private static string LastPart(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
}
