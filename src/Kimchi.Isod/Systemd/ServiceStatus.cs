using Kimchi.Isod.Api;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Downloads;

namespace Kimchi.Isod.Systemd;

/// <summary>The line that <c>systemctl status</c> shows.</summary>
internal static class ServiceStatus
{
    private const int MostNames = 4;

    private static readonly string[] Shown =
    [
        DownloadStatus.Downloading, DownloadStatus.Retrying, DownloadStatus.Verifying, DownloadStatus.Queued, DownloadStatus.Paused,
        DownloadStatus.Failed,
    ];

    /// <summary>Such as <c>1 downloading (debian.iso 45 %), 2 queued</c>.</summary>
    public static string Describe(IReadOnlyList<DownloadSnapshot> live)
    {
        var byStatus = live.ToLookup(DownloadView.StatusOf);
        var parts = Shown.Where(byStatus.Contains).Select(status => Describe(status, [.. byStatus[status]])).ToList();
        return parts.Count == 0 ? "idle" : string.Join(", ", parts);
    }

    private static string Describe(string status, List<DownloadSnapshot> downloads)
    {
        if (status is not (DownloadStatus.Downloading or DownloadStatus.Retrying)) return $"{downloads.Count} {status}";
        var names = downloads.Take(MostNames).Select(Describe);
        return $"{downloads.Count} {status} ({string.Join(", ", names)}{(downloads.Count > MostNames ? ", …" : "")})";
    }

    private static string Describe(DownloadSnapshot download) =>
        download.Record.ImageSize is > 0 and var size ? $"{download.Record.Volume.Name} {download.Record.StoredBytes * 100 / size} %" : download.Record.Volume.Name;
}
