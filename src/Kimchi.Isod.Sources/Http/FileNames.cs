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

    // Of the escapes of a quoted string only these two are undone: many servers send Windows paths with single backslashes.
    private static string Unquote(string text) => text.Trim('"')
        .Replace("\\\"", "\"", StringComparison.Ordinal)
        .Replace("\\\\", "\\", StringComparison.Ordinal);

    private static string LastPart(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
}
