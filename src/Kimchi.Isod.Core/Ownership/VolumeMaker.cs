using System.Security.Cryptography;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>A volume that was made for a download.</summary>
/// <param name="Allocation">How much of its space was taken.</param>
/// <param name="File">Its file, where this process sees it.</param>
internal sealed record MadeVolume(VolumeAllocation Allocation, VolumeFile? File);

/// <summary>Makes volumes that can be told from all others from their first moment on.</summary>
/// <remarks>
/// libvirt makes a volume and writes to it in two calls, and this process may die between them. So a volume is born with a capacity that
/// nobody else would choose, which the record has already; then it gets its token, and only then its real capacity.
/// </remarks>
internal sealed class VolumeMaker(IVolumePools pools, IDownloadStore store)
{
    // File systems give a file a block of this size at least, and libvirt cuts none to less than it has.
    private const int Block = 4096;
    private const int Surplus = 1 << 24;

    /// <summary>A capacity to give birth to a volume with, or null where its size leaves none.</summary>
    /// <param name="size">The size in bytes that it is to have, or null when it grows. One that grows is never cut: it is overwritten to
    /// its end, or made anew when the file turns out to be shorter than a head.</param>
    public static long? ChooseBirthCapacity(long? size) => size switch
    {
        null => RandomNumberGenerator.GetInt32(VolumeToken.Length + 1, HeldHead.Size),
        <= Block => null,
        _ => size + RandomNumberGenerator.GetInt32(1, Surplus),
    };

    /// <summary>Makes the volume of a download whose record is on disk, with its token.</summary>
    /// <exception cref="DownloadException">What <see cref="IVolumePools.CreateVolumeAsync"/> and <see cref="IVolume"/> throw. What was made
    /// may still be there then.</exception>
    public async Task<MadeVolume> MakeAsync(DownloadRecord record, CancellationToken cancellationToken)
    {
        await pools.CreateVolumeAsync(record.Volume, record.ImageSize, record.BirthCapacity ?? record.ImageSize ?? 0, cancellationToken);
        if (await BlockingWork.RunAsync(() => Finish(record)) is { } made) return made;
        await pools.CreateVolumeAsync(record.Volume, record.ImageSize, record.ImageSize!.Value, cancellationToken);
        return await BlockingWork.RunAsync(() => Finish(record))
            ?? throw new DownloadException(DownloadErrorKind.VolumeNotCreated, "libvirt does not give the volume its capacity");
    }

    // Null where libvirt does not cut it; then it is deleted.
    private MadeVolume? Finish(DownloadRecord record)
    {
        var volume = pools.OpenVolume(record.Volume);
        using var owned = new OwnedVolume(volume, () => record, store, isOnlyPublished: false);
        var token = record.Token!.ToBytes();
        var length = (int)Math.Min(volume.IsZeroed ? VolumeToken.Length : HeldHead.Size, volume.GetCapacity());
        HeadPublisher.PutToken(volume, token, length);
        var file = volume.FindFile(token.AsMemory(0, Math.Min(length, token.Length)));
        var allocation = VolumeAllocation.Growing;
        if (record.ImageSize is { } size)
        {
            allocation = owned.Settle(size);
            if (volume.IsZeroed && volume.GetCapacity() != size)
            {
                owned.Delete();
                return null;
            }
        }

        // A loss of power must leave the token, or nothing tells whose the volume is.
        volume.Flush();
        return new MadeVolume(allocation, file);
    }
}
