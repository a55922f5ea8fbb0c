using System.Globalization;
using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Core.Watching;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Api;

/// <summary>The daemon's numbers for monitoring. Labels have few values: no names, no URLs.</summary>
internal sealed class Metrics(
    DownloadCatalog catalog, DownloadStatistics statistics, EventEndpoint events, HealthChecks health, IVolumePools pools, AllowedPools allowed,
    TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly string[] LiveStatuses =
    [
        DownloadStatus.Queued, DownloadStatus.Downloading, DownloadStatus.Retrying, DownloadStatus.Verifying,
        DownloadStatus.Paused, DownloadStatus.Failed, DownloadStatus.Cancelled,
    ];

    public async Task<string> CollectAsync(MetricsFormat format, CancellationToken cancellationToken)
    {
        var text = new MetricsText(format);
        text.Family("build", "info", "What runs.").Sample("_info", 1, ("version", ProductVersion.Text));
        AddDownloads(text);
        AddDurations(text);
        text.Family("event_streams", "gauge", "Open streams of events.").Sample("", events.Open);
        await AddStorageAsync(text, cancellationToken);
        return text.End();
    }

    private void AddDownloads(MetricsText text)
    {
        var downloads = catalog.ListLive();
        var live = downloads.CountBy(DownloadView.StatusOf).ToDictionary();
        text.Family("downloads", "gauge", "Live downloads by status.");
        foreach (var status in LiveStatuses) text.Sample("", live.GetValueOrDefault(status), ("status", status));
        text.Family("connections", "gauge", "Connections in use by downloads.").Sample("", downloads.Sum(d => d.Connections));
        text.Family("received_bytes", "counter", "Bytes that came from servers.").Sample("_total", statistics.ReceivedBytes);
        text.Family("retries", "counter", "How often downloads were tried again.").Sample("_total", statistics.Retries);
        text.Family("cancellations", "counter", "Downloads that were cancelled.").Sample("_total", statistics.Canceled);
        text.Family("failures", "counter", "Downloads that failed, by the id of the reason.");
        foreach (var (id, count) in statistics.Failures.GroupBy(f => ErrorCatalog.Find(f.Key).Id, f => f.Value).Select(g => (g.Key, g.Sum())))
            text.Sample("_total", count, ("reason", id));
    }

    private void AddDurations(MetricsText text)
    {
        text.Family("duration_seconds", "histogram", "Completed downloads by the time they took.");
        var (counts, sum) = (statistics.Durations, 0L);
        for (var i = 0; i < counts.Count; i++)
        {
            sum += counts[i];
            var bound = i < DownloadStatistics.DurationBounds.Count
                ? ((double)DownloadStatistics.DurationBounds[i]).ToString("0.0", CultureInfo.InvariantCulture) : "+Inf";
            text.Sample("_bucket", sum, ("le", bound));
        }

        text.Sample("_count", sum).Sample("_sum", statistics.DurationSum);
    }

    private async Task AddStorageAsync(MetricsText text, CancellationToken cancellationToken)
    {
        var isUp = await health.FindLibvirtVersionAsync(cancellationToken) is not null;
        text.Family("libvirt_up", "gauge", "Whether libvirt can be reached.").Sample("", isUp ? 1 : 0);
        text.Family("pool_free_bytes", "gauge", "Free space of a pool as libvirt last saw it; absent where the pool does not run.");
        if (!isUp) return;
        foreach (var pool in allowed.Names)
        {
            if (await FindFreeSpaceAsync(pool, cancellationToken) is { } free) text.Sample("", free, ("pool", pool));
        }
    }

    private async Task<long?> FindFreeSpaceAsync(string pool, CancellationToken cancellationToken)
    {
        try
        {
            return await pools.GetKnownFreeSpaceAsync(pool, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (e is DownloadException or TimeoutException)
        {
            return null;
        }
    }
}
