using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Commands;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Recovery;

/// <summary>Goes on with the downloads of the daemon's earlier run when it starts, and stops all runs when it ends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing that needs disposal.")]
public sealed class DownloadRecovery(
    DownloadRegistry registry, DownloadScheduler scheduler, Cancellation cancellation, DownloadServices services)
    : IHostedLifecycleService
{
    // Less than the host's own limit of 4 s, so that the rest still stops cleanly.
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly AbandonedStarts _abandoned = new(registry, services);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Loads every live record before the first request is answered.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var record in services.Store.LoadLive())
        {
            services.Logger.Recovered(record.Volume, record.State.ToString(), record.StoredBytes);
            await RecoverAsync(record);
        }
    }

    /// <summary>Stops every run at its next checkpoint, before anything else stops: a client that hangs must not use up the
    /// time that systemd gives. A run that hangs in libvirt is left behind; its finished windows are safe.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        try
        {
            await scheduler.StopAsync().WaitAsync(StopPatience, services.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            services.Logger.NotStoppedInTime(StopPatience);
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RecoverAsync(DownloadRecord record)
    {
        var download = services.NewDownload(record);
        if (record.State is DownloadState.Preparing)
        {
            if (registry.TryReserve(record.Volume, out var reservation))
                _ = _abandoned.RetryAsync(download, reservation, _stopping.Token);
            return;
        }

        // What was running waits for a slot again, in the order in which it came.
        if (record.State is DownloadState.Running) download.Requeue();
        registry.Add(download);
        if (download.Record.State is DownloadState.Queued) await scheduler.EnqueueAsync(download);
        if (record.State is DownloadState.Canceling) _ = cancellation.FinishAsync(download, _stopping.Token);
    }
}
