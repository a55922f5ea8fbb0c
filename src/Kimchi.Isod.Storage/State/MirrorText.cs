using System.Globalization;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Storage.State;

/// <summary>A download's mirrors as a text: for each one a line with its priority (and after a colon the most
/// connections, where they are told), location and address, and with the user's name and password
/// where it has some.</summary>
internal static class MirrorText
{
    private const string NoLocation = "-";

    /// <summary>Writes it; null for no mirrors. Of a download that has ended without secrets.</summary>
    public static string? Write(IReadOnlyList<Mirror> mirrors, bool isLive) =>
        mirrors.Count == 0 ? null : string.Join('\n', mirrors.Select(mirror => Write(mirror, isLive)));

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not what <see cref="Write(IReadOnlyList{Mirror}, bool)"/> gives.</exception>
    public static IReadOnlyList<Mirror> Read(string? text) => text is null ? [] : [.. text.Split('\n').Select(ReadLine)];

    private static string Write(Mirror mirror, bool isLive)
    {
        var most = mirror.MostConnections is { } connections ? string.Create(CultureInfo.InvariantCulture, $":{connections}") : "";
        var line = $"{mirror.Priority.ToString(CultureInfo.InvariantCulture)}{most} {mirror.Location ?? NoLocation} ";
        if (!isLive) return line + mirror.Url;
        line += mirror.Url.Uri.AbsoluteUri;
        return mirror.Url.Credentials is { } login ? $"{line} {Uri.EscapeDataString(login.UserName)} {Uri.EscapeDataString(login.Password)}" : line;
    }

    private static Mirror ReadLine(string line)
    {
        var parts = line.Split(' ');
        if (parts.Length is not (3 or 5)) throw new FormatException("a mirror has three or five parts");
        var url = RemoteUrl.Parse(parts[2]);
        if (parts.Length == 5) url = url.WithCredentials(new Credentials(Uri.UnescapeDataString(parts[3]), Uri.UnescapeDataString(parts[4])));
        var (priority, most) = parts[0].Split(':') is [var first, var second] ? (first, second) : (parts[0], null);
        return new Mirror(url, int.Parse(priority, CultureInfo.InvariantCulture), parts[1] == NoLocation ? null : parts[1])
        {
            MostConnections = most is null ? null : int.Parse(most, CultureInfo.InvariantCulture),
        };
    }
}
