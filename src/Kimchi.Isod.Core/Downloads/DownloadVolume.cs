using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>A download's volume, which others can delete or resize at any time.</summary>
internal static class DownloadVolume
{
    /// <summary>Opens it.</summary>
    /// <param name="record">The download.</param>
    /// <param name="pools">Where it is.</param>
    /// <param name="mayBeShort">Whether a crash may have taken its end.</param>
    /// <exception cref="DownloadException">It is gone, or no longer of its size (<see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static async Task<IVolume> OpenAsync(DownloadRecord record, IVolumePools pools, bool mayBeShort = false)
    {
        await pools.CheckPoolAsync(record.Pool, CancellationToken.None); // It is started again, if libvirt itself was.
        var volume = await BlockingWork.RunAsync(() => pools.OpenVolume(record.Pool, record.Name));
        try
        {
            if (record.Size is { } size && !mayBeShort && !IsGrowing(record)) await BlockingWork.RunAsync(() => CheckCapacity(record, volume, size));
            return volume;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    /// <summary>Whether it is gone for good, and not only out of reach.</summary>
    /// <exception cref="DownloadException">It is out of reach.</exception>
    public static async Task<bool> IsGoneAsync(DownloadRecord record, IVolumePools pools)
    {
        try
        {
            using var volume = await BlockingWork.RunAsync(() => pools.OpenVolume(record.Pool, record.Name));
            return false;
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.VolumeLost && !e.IsTransient)
        {
            return true;
        }
    }

    /// <summary>Makes sure that nobody has resized it. Blocks.</summary>
    /// <param name="record">The download.</param>
    /// <param name="volume">Its volume.</param>
    /// <param name="storedEnd">Where the bytes end that are stored in it. One that grows has at least so many; another has the
    /// file's size, exactly so in a file, at least so on a block device.</param>
    /// <exception cref="DownloadException">It has others (<see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void CheckCapacity(DownloadRecord record, IVolume volume, long storedEnd)
    {
        // One that grows has no bytes yet where all of them are held back as the head.
        if (record.Allocation is VolumeAllocation.Growing && record.Position <= ImageHead.Size) return;
        var isGrowing = IsGrowing(record);
        var expected = isGrowing ? storedEnd : record.Size ?? storedEnd;
        var found = volume.GetCapacity();
        if (volume.IsZeroed && !isGrowing ? found == expected : found >= expected) return;
        throw new DownloadException(
            DownloadErrorKind.VolumeLost,
            $"the volume has {found} bytes instead of {expected}: somebody else changed it; cancel the download and start it anew");
    }

    // A power failure may have taken its end, also when its size was known by then.
    private static bool IsGrowing(DownloadRecord record) =>
        record.Allocation is VolumeAllocation.Growing && record.Position != record.Size;
}
