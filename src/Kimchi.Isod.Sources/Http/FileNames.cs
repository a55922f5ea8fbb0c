using System.Net.Http.Headers;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The file name that Content-Disposition gives: RFC 6266.</summary>
internal static class FileNames
{
    /// <summary>The names, best first: <c>filename*</c>, then <c>filename</c>. Directories in them are dropped (section 4.3).</summary>
    public static IEnumerable<string> FromContentDisposition(HttpContentHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues("Content-Disposition", out var values)) yield break;
        if (!ContentDispositionHeaderValue.TryParse(values.ToString(), out var disposition)) yield break;
        if (disposition.FileNameStar is { Length: > 0 } extended) yield return LastPart(extended);
        if (disposition.FileName is { Length: > 0 } plain) yield return LastPart(Unquote(plain));
    }

    private static string Unquote(string text)
    {
        if (text.Length < 2 || text[0] != '"' || text[^1] != '"') return text;
        var unquoted = new System.Text.StringBuilder(text.Length);
        for (var i = 1; i < text.Length - 1; i++)
        {
            if (text[i] == '\\' && i < text.Length - 2) i++;
            unquoted.Append(text[i]);
        }

        return unquoted.ToString();
    }

    private static string LastPart(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
}
