using System.Collections.Concurrent;
using LibvirtSharp;
using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Lets libvirt look at pools anew.</summary>
/// <remarks>
/// libvirt stops a pool whose directory it cannot read when it looks (seen with 9.0), and forgets the volumes that it does not see. Such a pool is started again as soon as that can be; one that
/// somebody stopped is not.
/// </remarks>
internal sealed class PoolRefresh
{
    private readonly ConcurrentDictionary<string, bool> _stopped = new(StringComparer.Ordinal);

    /// <summary>Looks at a pool anew. Blocks.</summary>
    public void Run(StoragePool pool)
    {
        try
        {
            pool.Refresh();
        }
        catch (LibvirtException e) when (e is not LibvirtConnectionException)
        {
            if (!pool.IsActive) _stopped[pool.Name] = true;
            throw;
        }
    }

    /// <summary>Finds a volume, in libvirt's memory first, then in the pool itself. Blocks.</summary>
    /// <returns>The volume, or null where the pool has none of that name.</returns>
    public StorageVolume? FindVolume(StoragePool pool, string name)
    {
        if (pool.FindVolume(name) is { } known)
        {
            if (IsThere(known)) return known;
            known.Dispose();
        }

        Run(pool);
        return pool.FindVolume(name);
    }

    /// <summary>Whether a pool runs. Starts nothing. Blocks.</summary>
    public bool IsRunning(BoundedConnection connection, StoragePool pool)
    {
        var isActive = connection.Ask(() => pool.IsActive);
        if (isActive) _stopped.TryRemove(pool.Name, out _);
        return isActive;
    }

    /// <summary>Starts a pool that libvirt stopped because it could not be read; one that somebody stopped is left alone. Blocks.</summary>
    /// <returns>False where the pool is to stay stopped.</returns>
    /// <exception cref="LibvirtException">It still cannot be read.</exception>
    public bool TryStartAgain(BoundedConnection connection, StoragePool pool)
    {
        if (!_stopped.ContainsKey(pool.Name)) return false;
        connection.Work(pool.Create);
        _stopped.TryRemove(pool.Name, out _);
        return true;
    }

    // libvirt remembers a volume until the next look at its pool, also when somebody has removed the file.
    private static bool IsThere(StorageVolume volume)
    {
        try
        {
            _ = volume.GetInfo();
            return true;
        }
        catch (StorageVolumeNotFoundException)
        {
            return false;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }
}
