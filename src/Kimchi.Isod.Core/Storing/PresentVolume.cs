using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Finds out whether a volume of the pool has the image that is asked for. A name and a record prove nothing: others delete volumes, put
/// new ones in their place, and write to them.</summary>
internal sealed class PresentVolume(VolumeServices services)
{
    // Each reads a whole image, through a connection of its own.
    private const int MostReadings = 2;

    // What is read at once: libvirt's client keeps what it was sent and nobody has read yet.
    private const long PieceLength = 256L << 20;

    private static readonly SemaphoreSlim Readings = new(MostReadings);

    /// <summary>Looks at the volume, and reads it where that decides.</summary>
    /// <param name="id">The volume.</param>
    /// <param name="completed">The download that has completed under its name last; null where none has.</param>
    /// <param name="isAskedFor">Whether that is the download that is asked for.</param>
    /// <param name="checksum">What it must hash to; null where the user does not say.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Why it does not have the image, or nothing proves that it has; null where it has.</returns>
    /// <exception cref="DownloadException">libvirt cannot be reached, or the volume is being filled by a download of another host.</exception>
    public async Task<string?> FindDifferenceAsync(
        VolumeId id, DownloadRecord? completed, bool isAskedFor, Checksum? checksum, CancellationToken cancellationToken)
    {
        var doubt = await BlockingWork.RunAsync(() => FindDoubt(id, isAskedFor ? completed : null));
        if (doubt is null) return null;
        if ((checksum ?? (isAskedFor ? completed?.Checksum : null)) is not { } expected) return $"{doubt}; a checksum would tell whether it has the image";
        await Readings.WaitAsync(cancellationToken);
        try
        {
            var (found, length) = await BlockingWork.RunAsync(() => Read(id, completed?.ImageSize, expected.Algorithm, cancellationToken));
            return found == expected ? null : $"its content ({length} bytes) is {found}, not {expected}";
        }
        finally
        {
            Readings.Release();
        }
    }

    private string? FindDoubt(VolumeId id, DownloadRecord? completed)
    {
        using var volume = services.Pools.OpenVolume(id);
        var start = VolumeExaminer.ReadStart(volume, HeldHead.Size);
        if (VolumeToken.TryRead(start, out var token)) throw ForeignVolume.NameInUse(id, token);
        if (completed is null) return "no record tells that it was downloaded from there";
        var file = volume.FindFile(start);
        if (file is null || completed.FileIdentity is null || completed.FileStamp is not { } stamp || volume.Observe().Stamp is not { } now)
            return "nothing tells whether it is the volume that was downloaded, since its file is not seen from here";
        if (file.Identity != completed.FileIdentity) return "it is not the volume that was downloaded: somebody has put another in its place";
        // Only its content can tell for sure, where something is known of that.
        var isSame = completed.Checksum is null ? FileStamp.IsOfSameContent(now, stamp) : now == stamp;
        return isSame ? null : "somebody has written to it since it was downloaded";
    }

    private (Checksum Found, long Length) Read(VolumeId id, long? size, ChecksumAlgorithm algorithm, CancellationToken cancellationToken)
    {
        using var volume = services.Pools.OpenVolume(id);
        using var digest = new ImageDigest(algorithm);
        // A block device is longer than its image. Of a file of another format than raw, the capacity is not the length.
        var end = volume.IsZeroed ? long.MaxValue : Math.Min(size ?? long.MaxValue, volume.GetCapacity());
        for (var isEnd = false; !isEnd && digest.Position < end;)
        {
            var (begin, length) = (digest.Position, Math.Min(PieceLength, end - digest.Position));
            volume.Read(begin, length, piece =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                digest.Append(piece);
            });
            isEnd = digest.Position < begin + length;
        }

        return (digest.Current(), digest.Position);
    }
}
