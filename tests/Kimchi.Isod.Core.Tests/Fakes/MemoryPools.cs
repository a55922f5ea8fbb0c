using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>A pool in memory that keeps libvirt's contract: finish may lie, uploads past the end enlarge, aborts lose data.</summary>
internal sealed class MemoryPools : IVolumePools
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryVolume> _volumes = [];

    public long Capacity { get; set; } = 1L << 30;

    public VolumeAllocation Allocation { get; set; } = VolumeAllocation.Full;

    /// <summary>Runs before each deletion; may wait or throw.</summary>
    public Func<Task> BeforeDelete { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs before each creation, while the pool's turn is held.</summary>
    public Func<Task> BeforeCreate { get; set; } = () => Task.CompletedTask;

    /// <summary>Runs after each creation; may throw, as a libvirt does that dies before it answers.</summary>
    public Action<MemoryVolume> AfterCreate { get; set; } = _ => { };

    /// <summary>Whether another client of libvirt has the pool in use.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Runs before a volume is opened; may block.</summary>
    public Action BeforeOpen { get; set; } = () => { };

    public int LostConnections { get; set; }

    public MemoryVolume this[string name]
    {
        get
        {
            lock (_gate) return _volumes[name];
        }
    }

    public bool Has(string name)
    {
        lock (_gate) return _volumes.ContainsKey(name);
    }

    public void AddForeign(string name, int size)
    {
        lock (_gate) _volumes[name] = new MemoryVolume(size, VolumeAllocation.Full) { OnDelete = volume => Delete(name, volume) };
    }

    public Task<string> GetServerVersionAsync(CancellationToken cancellationToken) => Task.FromResult("1.2.3");

    public Task CheckPoolAsync(string pool, CancellationToken cancellationToken)
    {
        Check(pool);
        return Task.CompletedTask;
    }

    public Task<long> GetFreeSpaceAsync(string pool, CancellationToken cancellationToken)
    {
        Check(pool);
        if (IsBusy) throw Busy();
        return EstimateFreeSpaceAsync(pool, cancellationToken);
    }

    public Task<long> EstimateFreeSpaceAsync(string pool, CancellationToken cancellationToken)
    {
        Check(pool);
        lock (_gate) return Task.FromResult(Capacity - _volumes.Values.Sum(v => v.TakenBytes));
    }

    public Task<long> GetKnownFreeSpaceAsync(string pool, CancellationToken cancellationToken) => GetFreeSpaceAsync(pool, cancellationToken);

    public Task<bool> VolumeExistsAsync(VolumeId volume, CancellationToken cancellationToken)
    {
        Check(volume.Pool);
        return Task.FromResult(Has(volume.Name));
    }

    public async Task CreateVolumeAsync(VolumeId volume, long? capacity, long birthCapacity, CancellationToken cancellationToken)
    {
        await BeforeCreate();
        lock (_gate)
        {
            if (_volumes.ContainsKey(volume.Name)) throw new DownloadException(DownloadErrorKind.NameInUse, "there is such a volume");
            AfterCreate(_volumes[volume.Name] = new MemoryVolume(birthCapacity, VolumeAllocation.Sparse)
            {
                Policy = Allocation,
                OnDelete = deleted => Delete(volume.Name, deleted),
            });
        }
    }

    /// <summary>Deletes a volume, as another client of libvirt does.</summary>
    public void Remove(string name)
    {
        lock (_gate) _volumes.Remove(name);
    }

    public IVolume OpenVolume(VolumeId volume)
    {
        BeforeOpen();
        lock (_gate)
        {
            if (IsBusy && !_volumes.ContainsKey(volume.Name)) throw Busy();
            return _volumes.TryGetValue(volume.Name, out var found)
                ? found
                : throw new DownloadException(DownloadErrorKind.VolumeLost, "no such volume");
        }
    }

    private static DownloadException Busy() => DownloadException.Transient(DownloadErrorKind.LibvirtBusy, "in use");

    private void Delete(string name, MemoryVolume volume)
    {
        BeforeDelete().GetAwaiter().GetResult();
        lock (_gate)
        {
            if (_volumes.GetValueOrDefault(name) == volume) _volumes.Remove(name);
        }
    }

    private static void Check(string pool)
    {
        if (pool != "ISO") throw new DownloadException(DownloadErrorKind.PoolNotFound, "no such pool");
    }
}
