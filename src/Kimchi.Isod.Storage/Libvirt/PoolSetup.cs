using LibvirtSharp;
using LibvirtSharp.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Makes the pool <c>ISO</c> where libvirt lacks it, and starts the pools that are used. At each new connection.</summary>
internal sealed class PoolSetup(PoolOptions options, AllowedPools allowed, ILogger logger)
{
    public void Run(BoundedConnection connection)
    {
        foreach (var name in allowed.Names)
        {
            try
            {
                Prepare(connection, name);
            }
            catch (LibvirtException e) when (e is not LibvirtConnectionException)
            {
                logger.PoolNotReady(name, e.Message);
            }
        }
    }

    private void Prepare(BoundedConnection connection, string name)
    {
        using var pool = connection.Ask(() => connection.Connection.FindStoragePool(name)) ?? Make(connection, name);
        if (pool is null || connection.Ask(() => pool.IsActive)) return;
        connection.Work(pool.Create);
        logger.PoolStarted(name);
    }

    private StoragePool? Make(BoundedConnection connection, string name)
    {
        if (name != PoolOptions.IsoPool || !options.CreateMissing) return null;
        var pool = connection.Ask(() => connection.Connection.DefineStoragePool(new StoragePoolDefinition { Name = name, TargetPath = options.IsoPath }));
        connection.Work(pool.Build);
        connection.Ask(() => pool.Autostart = true);
        logger.PoolMade(name, options.IsoPath);
        return pool;
    }
}
