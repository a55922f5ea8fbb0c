using System.Text;

namespace Kimchi.Isod.Core.Remote;

/// <summary>The names of files in a URL, as far as they are names: best first.</summary>
/// <remarks>
/// The last part of the path; before it the part above, where that is the name of an image and the last one a word for what is done with
/// it (<c>…/x.iso/download</c>); then what the query's <c>file=</c> and its like say, which is most often a script's file.
/// </remarks>
internal static class UrlFileNames
{
    private const string FtpType = ";type=";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Parameters that hold a file's name or path. Others may hold a secret, which must not become the name of a volume.
    private static readonly string[] Parameters =
        ["file", "filename", "fname", "name", "f", "path", "filepath", "download", "dl", "image", "iso", "img", "object", "target", "src", "url"];

    /// <summary>The names in a URL.</summary>
    public static IEnumerable<string> Of(Uri uri)
    {
        var parts = uri.AbsolutePath.Split('/');
        var last = NameIn(uri, parts[^1]);
        var above = parts.Length > 1 ? NameIn(uri, parts[^2]) : "";
        var isDoneWith = FileNameRanking.RankOf(above) is FileNameRank.Image && FileNameRanking.RankOf(last) is FileNameRank.Generic;
        return (isDoneWith ? [above, last] : new[] { last }).Concat(InQuery(uri)).Where(name => name.Length > 0);
    }

    /// <summary>The name in the last part of a URL's path: percent-decoded, behind the last slash that was encoded, without FTP's type.</summary>
    public static string Last(Uri uri) => NameIn(uri, uri.AbsolutePath.Split('/')[^1]);

    private static string NameIn(Uri uri, string part)
    {
        var mark = uri.Scheme is "ftp" or "ftps" ? part.LastIndexOf(FtpType, StringComparison.OrdinalIgnoreCase) : -1;
        return LastPart(Decode(mark < 0 ? part : part[..mark]));
    }

    private static string LastPart(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    // UTF-8, or Latin-1 where it is not that. A percent sign that encodes nothing is itself.
    private static string Decode(string escaped)
    {
        if (!escaped.Contains('%', StringComparison.Ordinal)) return escaped;
        var bytes = new List<byte>(escaped.Length);
        for (var i = 0; i < escaped.Length;)
        {
            if (Uri.IsHexEncoding(escaped, i)) bytes.Add((byte)Uri.HexUnescape(escaped, ref i));
            else bytes.Add((byte)escaped[i++]);
        }

        try
        {
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString([.. bytes]);
        }
    }

    private static IEnumerable<string> InQuery(Uri uri) => uri.Query.TrimStart('?').Split('&')
        .Select(parameter => parameter.Split('=', 2))
        .Where(pair => pair.Length == 2 && Parameters.Contains(pair[0].ToLowerInvariant(), StringComparer.Ordinal))
        .Select(pair => LastPart(Decode(pair[1].Replace('+', ' ')).Split('?')[0]))
        .Where(name => HasExtension(name) && FileNameRanking.RankOf(name) is not FileNameRank.Generic);

    private static bool HasExtension(string name) => name.LastIndexOf('.') is > 0 and var dot && dot < name.Length - 1;
}
