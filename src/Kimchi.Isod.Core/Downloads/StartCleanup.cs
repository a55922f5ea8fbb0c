using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>Drops starts that nobody was told of: the daemon's end cut them off, or libvirt's did.</summary>
internal sealed class StartCleanup(DownloadServices services)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Drops a start as soon as libvirt is there, and its volume where that is provably its own.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="reservation">Keeps others from taking its name meanwhile; let go in the end.</param>
    /// <param name="stop">Ends the wait for libvirt.</param>
    public async Task DropAsync(DownloadRecord record, NameReservation reservation, CancellationToken stop)
    {
        using var name = reservation;
        for (var isTold = false; !stop.IsCancellationRequested; isTold = true)
        {
            try
            {
                await DownloadVolume.DeleteAsync(record, services);
                services.Store.Remove(record.Id);
                return;
            }
            catch (DownloadException e) // As long as the record is there, nobody else can have the name: it is tried until it is gone.
            {
                if (!isTold) services.Logger.CleanupFailed(e, record.Pool, record.Name, e.Message);
                await Task.Delay(RetryDelay, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
