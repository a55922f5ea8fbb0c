using System.Collections.Concurrent;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Space;

/// <summary>Gives out a pool's free space, one at a time, so that never more is promised than there is.</summary>
public sealed class PoolSpace(IVolumePools pools, DownloadRegistry registry, DownloadOptions options)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = [];

    /// <summary>Creates a volume if there is room for it.</summary>
    /// <param name="reservation">The name, and the promise where the volume does not take its space at once.</param>
    /// <param name="size">Its size in bytes, or null when it is not known.</param>
    /// <param name="cancellationToken">Stops waiting for a turn.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NoSpace"/>, or what
    /// <see cref="IVolumePools.CreateVolumeAsync"/> throws.</exception>
    public async Task<VolumeAllocation> CreateVolumeAsync(
        NameReservation reservation, long? size, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(reservation.Pool, cancellationToken);
        await CheckAsync(reservation.Pool, size ?? options.GrowthStep, 0, cancellationToken);
        var allocation = await CreateAsync(reservation.Pool, reservation.Name, size, cancellationToken);
        reservation.PromisedBytes = allocation is VolumeAllocation.Sparse ? size.GetValueOrDefault() : 0;
        return allocation;
    }

    /// <summary>Whether there is room for so many bytes now. Promises nothing.</summary>
    public async Task<bool> HasRoomAsync(string pool, long size, CancellationToken cancellationToken) =>
        await FindLackAsync(pool, size, 0, cancellationToken) is null;

    /// <summary>Deletes a download's volume and creates it anew, for another version of its file.</summary>
    public async Task<VolumeAllocation> RecreateVolumeAsync(Download download, long? size, CancellationToken cancellationToken)
    {
        var record = download.Record;
        using var turn = await TakeTurnAsync(record.Pool, cancellationToken);
        await pools.DeleteVolumeAsync(record.Pool, record.Name, cancellationToken);
        await CheckAsync(record.Pool, size ?? options.GrowthStep, download.OutstandingBytes, cancellationToken);
        return await CreateAsync(record.Pool, record.Name, size, cancellationToken);
    }

    /// <summary>Makes sure that the volume of a download whose size is not known can grow.</summary>
    /// <remarks>An upload past its end enlarges it. virStorageVolResize would have to cut it to the file's size at the end, and
    /// refuses that, since the last block's allocation exceeds it (libvirt 9.0).</remarks>
    /// <param name="download">The download.</param>
    /// <param name="end">The size it grows to, in bytes.</param>
    /// <param name="cancellationToken">Stops waiting for a turn.</param>
    public async Task PromiseGrowthAsync(Download download, long end, CancellationToken cancellationToken)
    {
        var record = download.Record;
        using var turn = await TakeTurnAsync(record.Pool, cancellationToken);
        if (await FindLackAsync(record.Pool, end - record.Position, download.OutstandingBytes, cancellationToken) is { } lack)
            throw DownloadException.Transient(DownloadErrorKind.NoSpace, lack);
        download.NoteRoom(end);
    }

    /// <summary>Makes sure that a download whose space is not taken yet still has it: others may have filled the disk.</summary>
    /// <exception cref="DownloadException">It has not (transient <see cref="DownloadErrorKind.NoSpace"/>).</exception>
    public async Task CheckRemainderAsync(Download download, CancellationToken cancellationToken)
    {
        var record = download.Record;
        if (record.Allocation is VolumeAllocation.Full) return;
        var needed = record.Size is { } size ? size - record.Position : options.GrowthStep;
        using var turn = await TakeTurnAsync(record.Pool, cancellationToken);
        if (await FindLackAsync(record.Pool, needed, download.OutstandingBytes, cancellationToken) is { } lack)
            throw DownloadException.Transient(DownloadErrorKind.NoSpace, lack);
    }

    private Task<VolumeAllocation> CreateAsync(string pool, string name, long? size, CancellationToken cancellationToken) =>
        pools.CreateVolumeAsync(pool, name, size ?? 0, growing: size is null, cancellationToken);

    private async Task CheckAsync(string pool, long needed, long promisedBefore, CancellationToken cancellationToken)
    {
        if (await FindLackAsync(pool, needed, promisedBefore, cancellationToken) is { } lack)
            throw new DownloadException(DownloadErrorKind.NoSpace, lack);
    }

    // What the download itself was promised before counts as free for it.
    private async Task<string?> FindLackAsync(string pool, long needed, long promisedBefore, CancellationToken cancellationToken)
    {
        var free = await pools.GetFreeSpaceAsync(pool, cancellationToken);
        var promised = registry.OutstandingBytes(pool) - promisedBefore;
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
