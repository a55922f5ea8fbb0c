using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Watching;

namespace Kimchi.Isod.Systemd;

/// <summary>Tells systemd when the daemon answers, what it does, and when it stops.</summary>
internal sealed class ServiceNotices(
    ServiceManager systemd, DownloadFeed changes, DownloadCatalog catalog, IHostApplicationLifetime lifetime) : BackgroundService
{
    // How old the percentages of running downloads may be.
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(systemd.Ready);
        lifetime.ApplicationStopping.Register(systemd.Stopping);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!systemd.IsListening) return;
        using var feed = changes.Open();
        var told = "";
        while (true)
        {
            var live = catalog.ListLive();
            if (ServiceStatus.Describe(live) is var status && status != told) systemd.Status(told = status);
            var isRunning = live.Any(download => download.Record.State is DownloadState.Running);
            await feed.NextAsync(isRunning ? ProgressInterval : Timeout.InfiniteTimeSpan, stoppingToken);
        }
    }
}
