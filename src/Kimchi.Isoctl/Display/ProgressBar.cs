using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>A download in one line of a terminal, as wide as it is: name, bar, percent, size, speed, time left or state.</summary>
internal static class ProgressBar
{
    private const int WidestName = 40;
    private const int WidestBar = 40;
    private const int NarrowestBar = 5;
    private const int Frame = 4; // two spaces and the brackets
    private const int Margin = 3;

    /// <summary>The line: what matters least goes first where there is little room.</summary>
    /// <param name="download">The download.</param>
    /// <param name="width">The columns there are.</param>
    /// <param name="nameWidth">The columns of the longest name shown beside it.</param>
    /// <param name="connectionsWidth">The columns of the longest <see cref="Connections"/> shown beside it.</param>
    /// <returns>The line in three parts, of which the middle one is the bar's filled part.</returns>
    public static (string Before, string Filled, string After) Draw(Download download, int width, int nameWidth, int connectionsWidth = 0)
    {
        // The last columns stay free: some terminals wrap when they are filled, and Ctrl-C shows as ^C.
        var room = Math.Max(0, width - Margin);
        var name = Fit(Printable.Escape(download.Name), Math.Min(Math.Min(nameWidth, WidestName), Math.Max(8, room / 3)));
        string[] details = [.. Details(download, connectionsWidth)];
        while (details.Length > 1 && Length(name, details) + Frame + NarrowestBar > room) details = details[..^1];
        var tail = string.Concat(details.Select(d => "  " + d));
        var bar = Math.Min(WidestBar, room - name.Length - tail.Length - Frame);
        if (bar < NarrowestBar || Human.Share(download) is not { } share) return (Cut(name + tail, room), "", "");
        var filled = (int)(bar * Math.Clamp(share, 0, 1));
        return ($"{name}  [", new string('#', filled), new string('-', bar - filled) + "]" + tail);
    }

    /// <summary>How many connections it has, such as <c>x4</c>; nothing where that is one or none.</summary>
    public static string Connections(Download download) => download.Connections > 1 ? $"x{download.Connections}" : "";

    /// <summary>Which mirrors it uses, in a line of its own; null where there is nothing to say.</summary>
    public static string? Mirrors(Download download, int width) =>
        download.Status is DownloadStatus.Downloading && SourceText.Hosts(download) is { } hosts
            ? Cut($"  {Printable.Escape(hosts)}", Math.Max(0, width - Margin)) : null;

    /// <summary>What it says of why it is not moving, in a line of its own; null where there is nothing to say.</summary>
    public static string? Trouble(Download download, int width) =>
        download.Error is { } error ? Cut($"  {Printable.Escape(WithoutUrl(error, download))}", Math.Max(0, width - Margin)) : null;

    // The reason names the file, which stands in the line above.
    private static string WithoutUrl(string error, Download download) => error.Replace($"{download.Url}: ", "", StringComparison.Ordinal);

    // Of the same widths whatever they say, so that the bars of several downloads stand below each other.
    private static IEnumerable<string> Details(Download download, int connectionsWidth)
    {
        var isDownloading = download.Status is DownloadStatus.Downloading;
        yield return Human.Percent(download).PadLeft(4);
        yield return (isDownloading ? download.Eta is { } eta ? Human.Time(eta) : "" : download.Status).PadLeft(9);
        yield return (isDownloading ? Human.Rate(download.Speed) : "").PadLeft(12);
        yield return Sizes(download).PadRight(22);
        if (connectionsWidth > 0) yield return Connections(download).PadRight(connectionsWidth);
    }

    private static string Sizes(Download download) =>
        download.TotalSize is { } size && download.Status is not DownloadStatus.Completed
            ? $"{Human.Size(download.DownloadedSize)} of {Human.Size(size)}"
            : Human.Size(download.DownloadedSize);

    private static int Length(string name, string[] details) => name.Length + details.Sum(d => d.Length + 2);

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : Cut(text, width);

    private static string Cut(string text, int width) => text.Length <= width ? text : width > 0 ? text[..(width - 1)] + "…" : "";
}
