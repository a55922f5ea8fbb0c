using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>A download in one line of text.</summary>
internal static class DownloadLine
{
    /// <summary>Such as <c>debian.iso: downloading, 45% of 628.0 MiB, 31.2 MiB/s, 0:11 left</c>.</summary>
    public static string Describe(Download download) =>
        $"{Printable.Escape(download.Name)}: {download.Status}{string.Concat(Details(download).Select(d => ", " + d))}"
        + (download.Error is { } error ? $": {Printable.Escape(error)}" : "");

    private static IEnumerable<string> Details(Download download)
    {
        if (download.Status is DownloadStatus.Cancelled) yield break;
        if (download.Status is DownloadStatus.Completed)
        {
            yield return Human.Size(download.DownloadedSize);
            yield break;
        }

        yield return download.TotalSize is { } size ? $"{Human.Percent(download)} of {Human.Size(size)}" : $"{Human.Size(download.DownloadedSize)} so far";
        if (download.Status is not DownloadStatus.Downloading) yield break;
        yield return Human.Rate(download.Speed);
        if (download.Eta is { } eta) yield return $"{Human.Time(eta)} left";
        if (download.Connections > 1) yield return $"{download.Connections} connections";
        if (SourceText.Hosts(download) is { } hosts) yield return Printable.Escape(hosts);
    }
}
