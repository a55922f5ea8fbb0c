using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Storing;

namespace Kimchi.Isod.Core.Commands;

/// <summary>Cancels downloads: stops the run, deletes the volume, ends the download, and gives its name and its place back.</summary>
public sealed class Cancellation(DownloadRegistry registry, DownloadScheduler scheduler, DownloadServices services)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Cancels a download. Callers at the same time share one cancellation.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOngoing"/>, or why the volume could not be
    /// deleted; then the download has failed, and can be cancelled again.</exception>
    public Task CancelAsync(Download download) => download.CancelOnceAsync(() => RunAsync(download));

    /// <summary>Finishes a cancellation that the end of the daemon cut off, as soon as libvirt can be reached.</summary>
    internal async Task FinishAsync(Download download, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await CancelAsync(download);
                return;
            }
            catch (DownloadException e)
            {
                services.Logger.CleanupFailed(e, download.Record.Volume, e.Message);
                if (!e.IsTransient) return;
                await Task.Delay(RetryDelay, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(Download download)
    {
        await download.BeginCancelAsync();
        try
        {
            await DownloadVolume.DeleteAsync(download.Record, services.Volumes);
        }
        catch (DownloadException e)
        {
            download.EndCancel(e);
            throw;
        }

        download.EndCancel(null);
        registry.Remove(download);
        scheduler.GiveUpPlace(download);
        services.Logger.Canceled(download.Record.Volume);
    }
}
