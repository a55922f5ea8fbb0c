using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Storage.State;

/// <summary>The headers of a live download as a text: a line with their server, then one for each, its name before the first colon.</summary>
internal static class HeaderText
{
    private const string Separator = ": ";

    /// <summary>Writes it; null for no headers.</summary>
    public static string? Write(OriginHeaders? headers) => headers is null
        ? null
        : string.Join('\n', headers.All.Select(header => header.Name + Separator + header.Value).Prepend(headers.Origin));

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not what <see cref="Write"/> gives.</exception>
    /// <exception cref="DownloadException">Neither.</exception>
    public static OriginHeaders? Read(string? text)
    {
        if (text is null) return null;
        var lines = text.Split('\n');
        return OriginHeaders.Read(RemoteUrl.Parse(lines[0]), lines.Skip(1).Select(ReadLine)) ?? throw new FormatException("there are no headers");
    }

    private static KeyValuePair<string, string?> ReadLine(string line) => line.Split(Separator, 2) is [var name, var value]
        ? new KeyValuePair<string, string?>(name, value)
        : throw new FormatException("a header has a name and a value");
}
