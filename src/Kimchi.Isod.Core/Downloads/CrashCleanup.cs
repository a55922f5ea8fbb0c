using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>Finishes the cancellations that the daemon's end cut off, as soon as libvirt is there.</summary>
internal sealed class CrashCleanup(DownloadManager manager, DownloadServices services)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Goes on with a cancellation.</summary>
    public async Task FinishCancelAsync(DownloadRecord record, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await manager.CancelAsync(record.Pool, record.Name);
                return;
            }
            catch (DownloadException e)
            {
                services.Logger.CleanupFailed(e, record.Pool, record.Name, e.Message);
                if (!e.IsTransient) return;
                await Task.Delay(RetryDelay, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
