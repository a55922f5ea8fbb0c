using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>Finishes what the daemon's end cut off, a cancellation or a start, as soon as libvirt is there.</summary>
internal sealed class CrashCleanup(DownloadManager manager, DownloadServices services)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>Goes on with a cancellation.</summary>
    public Task FinishCancelAsync(DownloadRecord record, CancellationToken stop) =>
        WhenLibvirtIsThereAsync(() => manager.CancelAsync(record.Pool, record.Name), record, stop);

    /// <summary>Drops a start that nobody was told of, with its volume.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="reservation">Keeps others from taking its name meanwhile; let go in the end.</param>
    /// <param name="stop">Ends the wait for libvirt.</param>
    public async Task DropStartAsync(DownloadRecord record, NameReservation reservation, CancellationToken stop)
    {
        using var name = reservation;
        await WhenLibvirtIsThereAsync(() => DropAsync(record), record, stop);
    }

    private async Task DropAsync(DownloadRecord record)
    {
        if (await services.Pools.VolumeExistsAsync(record.Pool, record.Name, CancellationToken.None) && await IsOursAsync(record))
            await services.Pools.DeleteVolumeAsync(record.Pool, record.Name, CancellationToken.None);
        services.Store.Remove(record.Id);
    }

    // The volume was perhaps never made, and somebody else's may have that name: ours has the file's size, and nothing in it.
    private async Task<bool> IsOursAsync(DownloadRecord record)
    {
        using var volume = await BlockingWork.RunAsync(() => services.Pools.OpenVolume(record.Pool, record.Name));
        return await BlockingWork.RunAsync(() => volume.GetCapacity() is var capacity
            && (volume.IsZeroed ? capacity == record.Size.GetValueOrDefault() : capacity >= record.Size)
            && volume.Holds(0, new byte[ImageHead.LengthFor(capacity)]));
    }

    private async Task WhenLibvirtIsThereAsync(Func<Task> work, DownloadRecord record, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work();
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
