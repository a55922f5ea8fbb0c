using System.Collections.Concurrent;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Space;

/// <summary>Gives out a pool's free space, one at a time, so that never more is promised than there is.</summary>
public sealed class PoolSpace(VolumeServices volumes, ISpaceClaims claims, DownloadOptions options)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = [];
    private readonly VolumeMaker _maker = new(volumes.Pools, volumes.Store);

    /// <summary>Makes the volume of a start if there is room for it.</summary>
    /// <param name="record">The download, whose record is on disk.</param>
    /// <param name="promise">Takes the promise, where the volume does not take its space at once.</param>
    /// <param name="cancellationToken">Stops waiting for a turn.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NoSpace"/>, or what
    /// <see cref="VolumeMaker.MakeAsync"/> throws.</exception>
    internal async Task<MadeVolume> CreateVolumeAsync(
        DownloadRecord record, Action<long> promise, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(record.Volume.Pool, cancellationToken);
        await CheckAsync(record.Volume.Pool, record.ImageSize ?? options.GrowthStep, 0, cancellationToken);
        var made = await _maker.MakeAsync(record, cancellationToken);
        promise(made.Allocation is VolumeAllocation.Sparse ? record.ImageSize.GetValueOrDefault() : 0);
        return made;
    }

    /// <summary>Whether there seems to be room for so many bytes. Promises nothing, and does not wait for a pool that is in use.</summary>
    public async Task<bool> HasRoomAsync(string pool, long size, CancellationToken cancellationToken) =>
        DescribeLack(pool, size, 0, await volumes.Pools.EstimateFreeSpaceAsync(pool, cancellationToken)) is null;

    /// <summary>Deletes a download's volume and makes it anew, of the size that its record says.</summary>
    /// <param name="image">The image, of which nothing is stored any more.</param>
    /// <param name="cancellationToken">Stops waiting for a turn.</param>
    /// <exception cref="DownloadException">There is no room, or the volume of its name is another's.</exception>
    internal async Task RecreateVolumeAsync(StoredImage image, CancellationToken cancellationToken)
    {
        var record = image.Record;
        using var turn = await TakeTurnAsync(record.Volume.Pool, cancellationToken);
        if (await DownloadVolume.DeleteAsync(record, volumes) is { } left) throw ForeignVolume.Lost(record, left);
        await CheckAsync(record.Volume.Pool, record.ImageSize ?? options.GrowthStep, image.OutstandingBytes, cancellationToken);
        record = image.Change(r => r with { Token = r.Token ?? volumes.NewToken(r.Id), BirthCapacity = VolumeMaker.ChooseBirthCapacity(r.ImageSize) });
        var made = await _maker.MakeAsync(record, cancellationToken);
        image.Change(r => r with { Allocation = made.Allocation, FileIdentity = made.File?.Identity, BirthCapacity = null });
        image.Trust.NoteNewVolume();
    }

    /// <summary>Makes sure that the volume of a download whose size is not known can grow.</summary>
    /// <remarks>An upload past its end enlarges it. virStorageVolResize would have to cut it to the file's size at the end, and
    /// refuses that, since the last block's allocation exceeds it (libvirt 9.0).</remarks>
    /// <param name="image">The image.</param>
    /// <param name="end">The size it grows to, in bytes.</param>
    /// <param name="cancellationToken">Stops waiting for a turn.</param>
    internal async Task PromiseGrowthAsync(StoredImage image, long end, CancellationToken cancellationToken)
    {
        var record = image.Record;
        using var turn = await TakeTurnAsync(record.Volume.Pool, cancellationToken);
        if (await FindLackAsync(record.Volume.Pool, end - record.ImagePosition, image.OutstandingBytes, cancellationToken) is { } lack)
            throw DownloadException.Transient(DownloadErrorKind.NoSpace, lack);
        image.NoteRoom(end);
    }

    /// <summary>Makes sure that a download whose space is not taken yet still has it: others may have filled the disk.</summary>
    /// <exception cref="DownloadException">It has not (transient <see cref="DownloadErrorKind.NoSpace"/>).</exception>
    internal async Task CheckRemainderAsync(StoredImage image, CancellationToken cancellationToken)
    {
        var record = image.Record;
        if (record.Allocation is VolumeAllocation.Full) return;
        var needed = record.ImageSize is { } size ? size - record.StoredBytes : options.GrowthStep;
        using var turn = await TakeTurnAsync(record.Volume.Pool, cancellationToken);
        if (await FindLackAsync(record.Volume.Pool, needed, image.OutstandingBytes, cancellationToken) is { } lack)
            throw DownloadException.Transient(DownloadErrorKind.NoSpace, lack);
    }

    private async Task CheckAsync(string pool, long needed, long promisedBefore, CancellationToken cancellationToken)
    {
        if (await FindLackAsync(pool, needed, promisedBefore, cancellationToken) is { } lack)
            throw new DownloadException(DownloadErrorKind.NoSpace, lack);
    }

    private async Task<string?> FindLackAsync(string pool, long needed, long promisedBefore, CancellationToken cancellationToken) =>
        DescribeLack(pool, needed, promisedBefore, await volumes.Pools.GetFreeSpaceAsync(pool, cancellationToken));

    // What the download itself was promised before counts as free for it.
    private string? DescribeLack(string pool, long needed, long promisedBefore, long free)
    {
        var promised = claims.OutstandingBytes(pool) - promisedBefore;
        var usable = Math.Max(0, free - promised - options.MinFree);
        return needed <= usable ? null :
            $"the pool '{pool}' has too little free space: {needed} bytes needed, {usable} free for it " +
            $"({free} on the disk, less {promised} promised to other downloads and {options.MinFree} of downloads:min_free); " +
            "delete volumes, enlarge the pool, or cancel other downloads";
    }

    private async Task<Turn> TakeTurnAsync(string pool, CancellationToken cancellationToken)
    {
        var semaphore = _turns.GetOrAdd(pool, static _ => new SemaphoreSlim(1, 1));
        await semaphore.WaitAsync(cancellationToken);
        return new Turn(semaphore);
    }

    private readonly struct Turn(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
