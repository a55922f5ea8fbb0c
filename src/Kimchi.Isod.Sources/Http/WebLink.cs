using System.Text;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A link in a header: RFC 8288.</summary>
/// <param name="Target">Its address, as it stands there: relative perhaps.</param>
/// <param name="Parameters">Its parameters by their names in lower case; of several with one name the first.</param>
internal sealed record WebLink(string Target, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>What the target is to the file: one of the words of <c>rel</c>. Not where the link is another document's.</summary>
    public bool Is(string relation) => !Parameters.ContainsKey("anchor")
        && this["rel"]?.Split(' ', '\t').Contains(relation, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>The value of a parameter; null where it is not there.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Reads the links of a header (appendix B.2). What is no link is passed over.</summary>
    public static IReadOnlyList<WebLink> Parse(string header)
    {
        var links = new List<WebLink>();
        for (var at = 0; at < header.Length; at++)
        {
            Skip(header, ref at, " \t,");
            if (at < header.Length && header[at] == '<')
            {
                var end = header.IndexOf('>', at);
                if (end < 0) break;
                var target = header[(at + 1)..end].Trim();
                at = end + 1;
                links.Add(new WebLink(target, ReadParameters(header, ref at)));
            }

            // To the comma behind it.
            ReadUntil(header, ref at, ",");
        }

        return links;
    }

    private static Dictionary<string, string> ReadParameters(string header, ref int at)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            Skip(header, ref at, " \t");
            if (at >= header.Length || header[at] != ';') return parameters;
            at++;
            var name = ReadUntil(header, ref at, "=;,").Trim().ToLowerInvariant();
            var value = "";
            if (at < header.Length && header[at] == '=')
            {
                at++;
                value = ReadValue(header, ref at);
            }

            if (name.Length > 0) parameters.TryAdd(name, value);
        }
    }

    private static string ReadValue(string header, ref int at)
    {
        Skip(header, ref at, " \t");
        if (at == header.Length || header[at] != '"') return ReadUntil(header, ref at, ";,").Trim();
        // quoted-string: RFC 9110, section 5.6.4.
        var value = new StringBuilder();
        for (at++; at < header.Length && header[at] != '"'; at++)
        {
            if (header[at] == '\\' && at + 1 < header.Length) at++;
            value.Append(header[at]);
        }

        if (at < header.Length) at++;
        return value.ToString();
    }

    private static string ReadUntil(string header, ref int at, string ends)
    {
        var start = Math.Min(at, header.Length);
        var length = header.AsSpan(start).IndexOfAny(ends);
        at = length < 0 ? header.Length : start + length;
        return header[start..at];
    }

    private static void Skip(string header, ref int at, string characters)
    {
        while (at < header.Length && characters.Contains(header[at], StringComparison.Ordinal)) at++;
    }
}
