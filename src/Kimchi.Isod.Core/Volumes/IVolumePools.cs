using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Volumes;

/// <summary>The storage pools that hold the images. Calls may wait long for libvirt; none blocks its caller's thread.</summary>
/// <remarks>
/// Every call throws <see cref="DownloadException"/>: <see cref="DownloadErrorKind.LibvirtUnreachable"/>,
/// <see cref="DownloadErrorKind.LibvirtBusy"/>, <see cref="DownloadErrorKind.PoolNotFound"/> or <see cref="DownloadErrorKind.PoolNotRunning"/>, and what it names itself.
/// </remarks>
public interface IVolumePools
{
    /// <summary>The version of what keeps the pools.</summary>
    Task<string> GetServerVersionAsync(CancellationToken cancellationToken);

    /// <summary>Makes sure that the pool is allowed, exists and runs.</summary>
    Task CheckPoolAsync(string pool, CancellationToken cancellationToken);

    /// <summary>Looks at a pool anew, files that others put there included.</summary>
    /// <returns>Bytes that are free in it now.</returns>
    Task<long> GetFreeSpaceAsync(string pool, CancellationToken cancellationToken);

    /// <summary>The free space as it is known, without looking at the pool anew and without starting it: cheap enough to be asked often.</summary>
    /// <returns>Bytes that were free when the pool was last looked at or changed.</returns>
    Task<long> GetKnownFreeSpaceAsync(string pool, CancellationToken cancellationToken);

    /// <summary>As <see cref="GetFreeSpaceAsync"/>; where another client has the pool in use, what was free at the last look, without a wait.</summary>
    Task<long> EstimateFreeSpaceAsync(string pool, CancellationToken cancellationToken);

    /// <summary>Whether the pool has a volume of that name.</summary>
    Task<bool> VolumeExistsAsync(VolumeId volume, CancellationToken cancellationToken);

    /// <summary>How often a connection to libvirt was lost so far. Where the daemon does not see a volume's file, this is all that tells
    /// of a crash of the machine that holds it.</summary>
    int LostConnections { get; }

    /// <summary>Creates an empty volume. It is not allocated yet: <see cref="IVolume.Settle"/>.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="capacity">The size in bytes that it is to have, or null when it grows as data arrives.</param>
    /// <param name="birthCapacity">The size in bytes that it gets at first, where volumes of the pool are files.</param>
    /// <param name="cancellationToken">Stops waiting for a turn; a creation that has begun is finished.</param>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NameInUse"/>, <see cref="DownloadErrorKind.NoSpace"/>
    /// or <see cref="DownloadErrorKind.VolumeNotCreated"/>.</exception>
    Task CreateVolumeAsync(VolumeId volume, long? capacity, long birthCapacity, CancellationToken cancellationToken);

    /// <summary>Opens a volume for reading and writing. Blocks: call it from a thread of its own.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.VolumeLost"/>: it is not there.</exception>
    IVolume OpenVolume(VolumeId volume);
}

/// <summary>How much of a volume's space is really taken from the pool when it is created.</summary>
public enum VolumeAllocation
{
    /// <summary>All of it: the space cannot be lost to others.</summary>
    Full,

    /// <summary>None: the space is kept free by our own bookkeeping.</summary>
    Sparse,

    /// <summary>None, and its size is not known yet.</summary>
    Growing,
}
