using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using LibvirtSharp;
using LibvirtSharp.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>libvirt's storage pools.</summary>
public sealed class LibvirtPools : IVolumePools, IDisposable
{
    // Images are no secret, and virtual machines of any user must be able to read them.
    private const string VolumeMode = "0644";

    private readonly AllowedPools _allowed;
    private readonly PoolSetup _setup;
    private readonly LibvirtThread _thread;
    private readonly VolumeAccess _access;
    private readonly PoolRefresh _refresh = new();
    private int _lostConnections;

    /// <summary>Connects at the first call.</summary>
    public LibvirtPools(LibvirtOptions libvirt, PoolOptions pools, AllowedPools allowed, ILogger<LibvirtPools> logger)
    {
        _allowed = allowed;
        _setup = new PoolSetup(pools, allowed, logger);
        _access = new VolumeAccess(libvirt, pools, _refresh, CountLostConnection);
        _thread = new LibvirtThread(libvirt, _setup.Run, CountLostConnection, logger);
    }

    /// <inheritdoc/>
    public int LostConnections => Volatile.Read(ref _lostConnections);

    /// <inheritdoc/>
    public Task<string> GetServerVersionAsync(CancellationToken cancellationToken) =>
        _thread.RunAsync(ReachStorageDriver, static (connection, _) => connection.Ask(() => connection.Connection.ServerVersion.ToString()), cancellationToken);

    /// <summary>Makes and starts the allowed pools, as each new connection does: for when other pools are allowed.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.LibvirtUnreachable"/>.</exception>
    public Task PrepareAsync(CancellationToken cancellationToken) => _thread.RunAsync(
        ReachStorageDriver,
        (connection, _) =>
        {
            _setup.Run(connection);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task CheckPoolAsync(string pool, CancellationToken cancellationToken) =>
        AskAsync(pool, static _ => true, cancellationToken);

    /// <inheritdoc/>
    public Task<long> GetFreeSpaceAsync(string pool, CancellationToken cancellationToken) => WorkAsync(
        pool,
        found =>
        {
            _refresh.Run(found);
            return FreeSpaceOf(found);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<long> EstimateFreeSpaceAsync(string pool, CancellationToken cancellationToken) => WorkAsync(
        pool,
        found =>
        {
            try
            {
                _refresh.Run(found);
            }
            catch (LibvirtBusyException)
            {
                // What libvirt knows of the pool is of its last look.
            }

            return FreeSpaceOf(found);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<long> GetKnownFreeSpaceAsync(string pool, CancellationToken cancellationToken) => LookUpAsync(
        pool,
        (connection, found) => _refresh.IsRunning(connection, found) ? connection.Ask(() => FreeSpaceOf(found)) : throw NotRunning(found),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> VolumeExistsAsync(VolumeId volume, CancellationToken cancellationToken) => AskAsync(
        PoolOf(volume),
        found =>
        {
            using var known = found.FindVolume(volume.Name);
            return known is not null;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task CreateVolumeAsync(VolumeId volume, long? capacity, long birthCapacity, CancellationToken cancellationToken) =>
        WorkAsync(PoolOf(volume), found => Create(found, volume.Name, capacity, birthCapacity), cancellationToken);

    /// <inheritdoc/>
    public IVolume OpenVolume(VolumeId volume) =>
        LibvirtFailures.Translate(() => LibvirtVolume.Open(_access, PoolOf(volume), volume.Name));

    /// <summary>Ends the thread that talks to libvirt.</summary>
    public void Dispose() => _thread.Dispose();

    // The volume of another libvirt is not to be taken for one of this.
    private static string PoolOf(VolumeId volume) => volume.Host.Length == 0
        ? volume.Pool
        : throw new DownloadException(DownloadErrorKind.PoolNotFound, $"there is no libvirt '{volume.Host}' that has the pool '{volume.Pool}'");

    private Task<T> AskAsync<T>(string pool, Func<StoragePool, T> call, CancellationToken cancellationToken) =>
        RunAsync(pool, (connection, found) => connection.Ask(() => call(found)), cancellationToken);

    private Task<T> WorkAsync<T>(string pool, Func<StoragePool, T> call, CancellationToken cancellationToken) =>
        RunAsync(pool, (connection, found) => connection.Work(() => call(found)), cancellationToken);

    private Task<T> RunAsync<T>(string pool, Func<BoundedConnection, StoragePool, T> call, CancellationToken cancellationToken) => LookUpAsync(
        pool,
        (connection, found) =>
        {
            EnsureRunning(connection, found);
            return call(connection, found);
        },
        cancellationToken);

    private async Task<T> LookUpAsync<T>(string pool, Func<BoundedConnection, StoragePool, T> call, CancellationToken cancellationToken)
    {
        if (!_allowed.Names.Contains(pool, StringComparer.Ordinal))
            throw new DownloadException(DownloadErrorKind.PoolNotFound, $"the pool '{pool}' is not one of pools:allowed");
        return await _thread.RunAsync(
            connection => connection.LookupStoragePool(pool),
            (connection, looked) =>
            {
                using var found = looked;
                return call(connection, found);
            },
            cancellationToken);
    }

    // virtqemud and virtproxyd answer for themselves; what asks for a pool goes on to virtstoraged.
    private bool ReachStorageDriver(LibvirtConnection connection)
    {
        try
        {
            using var pool = connection.FindStoragePool(_allowed.Names.FirstOrDefault(PoolOptions.IsoPool));
            return true;
        }
        catch (LibvirtAccessDeniedException)
        {
            return true; // That is the driver's own answer.
        }
    }

    private void EnsureRunning(BoundedConnection connection, StoragePool pool)
    {
        try
        {
            if (_refresh.IsRunning(connection, pool) || _refresh.TryStartAgain(connection, pool)) return;
        }
        catch (LibvirtException e) when (e is not LibvirtConnectionException)
        {
            throw DownloadException.Transient(
                DownloadErrorKind.PoolNotRunning, $"the pool '{pool.Name}' cannot be read: {e.Message}; bring back what it was made of", e);
        }

        throw NotRunning(pool);
    }

    private static DownloadException NotRunning(StoragePool pool) => DownloadException.Transient(
        DownloadErrorKind.PoolNotRunning, $"the pool '{pool.Name}' is not running; start it with: virsh pool-start {pool.Name}");

    private static bool Create(StoragePool pool, string name, long? capacity, long birthCapacity)
    {
        var description = PoolDescription.Parse(pool.GetXml());
        CheckType(description, growing: capacity is null);
        var definition = new StorageVolumeDefinition
        {
            Name = name,
            Capacity = (ulong)(description.HasFiles ? birthCapacity : capacity ?? 0),
            // The space is taken when the volume can be told from others. A device has all of its own at once.
            Allocation = description.HasFiles ? 0 : (ulong)(capacity ?? 0),
            Format = description.HasFiles ? "raw" : null,
            Mode = description.HasFiles ? VolumeMode : null,
        };
        try
        {
            pool.CreateVolume(definition).Dispose();
            return true;
        }
        catch (LibvirtException e) when (e is not LibvirtConnectionException && !LibvirtFailures.IsNameInUse(e) && !LibvirtFailures.IsNoSpace(e))
        {
            throw new DownloadException(DownloadErrorKind.VolumeNotCreated, $"libvirt could not create the volume: {e.Message}", e);
        }
    }

    private static void CheckType(PoolDescription pool, bool growing)
    {
        if (!pool.TakesUploads)
        {
            throw new DownloadException(
                DownloadErrorKind.VolumeNotCreated,
                $"libvirt takes no uploads into pools of type '{pool.Type}'; use one of type dir, fs, netfs, logical or disk");
        }

        if (growing && !pool.HasFiles)
        {
            throw new DownloadException(
                DownloadErrorKind.VolumeNotCreated,
                $"the server does not tell the file's size, and volumes of a pool of type '{pool.Type}' cannot grow");
        }
    }

    private static long FreeSpaceOf(StoragePool pool) => (long)Math.Min(pool.GetInfo().Available, long.MaxValue);

    private void CountLostConnection() => Interlocked.Increment(ref _lostConnections);
}
