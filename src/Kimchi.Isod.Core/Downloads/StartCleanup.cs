using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>Drops starts that nobody was told of: the daemon's end cut them off, or libvirt's did.</summary>
internal sealed class StartCleanup(DownloadServices services)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Drops a start with its volume, as soon as libvirt is there.</summary>
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
                await DropAsync(record);
                return;
            }
            catch (DownloadException e) // As long as the record is there, nobody else can have the name: it is tried until it is gone.
            {
                if (!isTold) services.Logger.CleanupFailed(e, record.Pool, record.Name, e.Message);
                await Task.Delay(RetryDelay, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task DropAsync(DownloadRecord record)
    {
        if (await services.Pools.VolumeExistsAsync(record.Pool, record.Name, CancellationToken.None) && await IsOursAsync(record))
            await services.Pools.DeleteVolumeAsync(record.Pool, record.Name, CancellationToken.None);
        services.Store.Remove(record.Id);
    }

    private async Task<bool> IsOursAsync(DownloadRecord record)
    {
        using var volume = await BlockingWork.RunAsync(() => services.Pools.OpenVolume(record.Pool, record.Name));
        return await BlockingWork.RunAsync(() => IsOurs(volume, record.Size.GetValueOrDefault()));
    }

    // The volume was perhaps never made, and somebody else's may have that name: ours has the file's size, and nothing in it.
    // libvirt makes the file first and gives it its size then, so when it dies in between, ours is empty.
    private static bool IsOurs(IVolume volume, long size)
    {
        var capacity = volume.GetCapacity();
        if (volume.IsZeroed && capacity == 0) return true;
        return (volume.IsZeroed ? capacity == size : capacity >= size)
            && volume.Holds(0, new byte[ImageHead.LengthFor(capacity)]);
    }
}
