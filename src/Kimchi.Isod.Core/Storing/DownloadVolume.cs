using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>A download's volume, which others can delete, replace or resize at any time.</summary>
internal static class DownloadVolume
{
    /// <summary>Opens it. Whether its windows can still be trusted is noted in the record.</summary>
    /// <param name="image">What is stored in it.</param>
    /// <param name="runId">The run that opens it.</param>
    /// <param name="services">Where it is.</param>
    /// <param name="mayBeShort">Whether a crash may have taken its end.</param>
    /// <exception cref="DownloadException">It is gone, another's or no longer of its size (<see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static async Task<OwnedVolume> OpenAsync(StoredImage image, Guid runId, VolumeServices services, bool mayBeShort = false)
    {
        var record = image.Record;
        await services.Pools.CheckPoolAsync(record.Volume.Pool, CancellationToken.None); // It is started again, if libvirt itself was.
        return await BlockingWork.RunAsync(() => Open(image, runId, services, mayBeShort));
    }

    /// <summary>Whether it is gone for good, and not only out of reach.</summary>
    /// <exception cref="DownloadException">It is out of reach, or there is one of its name that is not the download's
    /// (<see cref="DownloadErrorKind.NameInUse"/>).</exception>
    public static Task<bool> IsGoneAsync(DownloadRecord record, VolumeServices services) => BlockingWork.RunAsync(() =>
    {
        using var volume = TryOpen(record, services);
        if (volume is null) return true;
        var found = VolumeExaminer.Examine(volume, record, services.Store);
        if (found.Owner is not VolumeOwner.Other || record.Token is null) return false;
        throw new DownloadException(DownloadErrorKind.NameInUse, ForeignVolume.Lost(record, found).Message);
    });

    /// <summary>Deletes it and gives its space back. One that is gone is no error, and one that is not the download's is left alone.</summary>
    /// <returns>What was left alone, or null.</returns>
    public static Task<VolumeFinding?> DeleteAsync(DownloadRecord record, VolumeServices services) => BlockingWork.RunAsync(() =>
    {
        using var volume = TryOpen(record, services);
        if (volume is null) return null;
        var found = VolumeExaminer.Examine(volume, record, services.Store);
        if (found.Owner is VolumeOwner.Ours or VolumeOwner.Newborn || WindowProof.Holds(volume, record, services.Store))
        {
            volume.Delete();
            return null;
        }

        services.Logger.LeftAlone(record.Volume, found.Content);
        return found;
    });

    /// <summary>The token of the volume that has a name; null where it has none, or cannot be read now.</summary>
    public static Task<VolumeToken?> FindTokenAsync(VolumeId id, VolumeServices services) => BlockingWork.RunAsync(() =>
    {
        try
        {
            using var volume = services.Pools.OpenVolume(id);
            return VolumeExaminer.FindToken(volume);
        }
        catch (DownloadException e)
        {
            // The name is in use in any case; by whom only makes the answer better.
            services.Logger.TokenNotRead(id, e.Message);
            return null;
        }
    });

    /// <summary>Makes sure that nobody has resized it. Blocks.</summary>
    /// <param name="record">The download.</param>
    /// <param name="volume">Its volume.</param>
    /// <param name="storedEnd">Where the bytes end that are stored in it. One that grows has at least so many; another has the
    /// file's size, exactly so in a file, at least so on a block device.</param>
    /// <exception cref="DownloadException">It has others (<see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void CheckCapacity(DownloadRecord record, IVolume volume, long storedEnd)
    {
        // One that grows has no bytes yet where all of them are held back as the head.
        if (record.Allocation is VolumeAllocation.Growing && record.ImagePosition <= HeldHead.Size) return;
        var isGrowing = IsGrowing(record);
        var expected = isGrowing ? storedEnd : record.ImageSize ?? storedEnd;
        var found = volume.GetCapacity();
        if (volume.IsZeroed && !isGrowing ? found == expected : found >= expected) return;
        throw new DownloadException(
            DownloadErrorKind.VolumeLost,
            $"the volume has {found} bytes instead of {expected}: somebody else changed it; cancel the download and start it anew");
    }

    private static OwnedVolume Open(StoredImage image, Guid runId, VolumeServices services, bool mayBeShort)
    {
        var record = image.Record;
        var volume = services.Pools.OpenVolume(record.Volume);
        try
        {
            var found = VolumeExaminer.Examine(volume, record, services.Store);
            if (found.Owner is VolumeOwner.Other) found = Adopt(image, services, volume) ?? throw ForeignVolume.Lost(record, found);
            // A file that only its head speaks for is not known as the download's yet.
            var isPublished = found.Owner is VolumeOwner.Published;
            var guard = Vouch(image, isPublished ? null : found.File, $"run {runId}, {services.Pools.LostConnections} lost connections", services, volume);
            if (isPublished) image.Trust.Doubt();
            if (record.ImageSize is { } size && !mayBeShort && !IsGrowing(record)) CheckCapacity(record, volume, size);
            return new OwnedVolume(volume, () => image.Record, services.Store, isPublished, guard);
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    private static WriteGuard Vouch(StoredImage image, VolumeFile? file, string unseen, VolumeServices services, IVolume volume)
    {
        var (stamp, _, isWatched) = volume.Observe();
        var record = image.Record;
        if (stamp is not null && !isWatched) services.Logger.NotWatched(record.Volume);
        if (image.Trust.Vouch(file, file is null ? null : stamp, unseen)) services.Logger.WrittenByOthers(record.Volume);
        return new WriteGuard(volume, stamp, image.Trust.NoteStamp, () =>
        {
            if (!image.Trust.IsSuspect) services.Logger.WrittenByOthers(record.Volume);
            image.Trust.Doubt();
        });
    }

    // Versions that gave no token left zeros in its place. What they stored proves whose the volume is, if there is any.
    private static VolumeFinding? Adopt(StoredImage image, VolumeServices services, IVolume volume)
    {
        var record = image.Record;
        if (record.Token is not null || !WindowProof.Holds(volume, record, services.Store)) return null;
        var adopted = image.Change(r => r with { Token = services.NewToken(r.Id) });
        HeadPublisher.PutToken(volume, adopted.Token!.ToBytes(), HeldHead.LengthFor(volume.GetCapacity()));
        services.Logger.Adopted(record.Volume);
        return VolumeExaminer.Examine(volume, adopted, services.Store);
    }

    private static IVolume? TryOpen(DownloadRecord record, VolumeServices services)
    {
        try
        {
            return services.Pools.OpenVolume(record.Volume);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.VolumeLost && !e.IsTransient)
        {
            return null;
        }
    }

    // A power failure may have taken its end, also when its size was known by then.
    private static bool IsGrowing(DownloadRecord record) =>
        record.Allocation is VolumeAllocation.Growing && record.ImagePosition != record.ImageSize;
}
