using LibvirtSharp;
using LibvirtSharp.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>Makes the pool <c>ISO</c> where libvirt lacks it, and starts the pools that are used. At each new connection.</summary>
internal sealed class PoolSetup(PoolOptions options, AllowedPools allowed, ILogger logger)
{
    public void Run(LibvirtConnection connection)
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

    private void Prepare(LibvirtConnection connection, string name)
    {
        using var pool = connection.FindStoragePool(name) ?? Make(connection, name);
        if (pool is null || pool.IsActive) return;
        pool.Create();
        logger.PoolStarted(name);
    }

    private StoragePool? Make(LibvirtConnection connection, string name)
    {
        if (name != PoolOptions.IsoPool || !options.CreateMissing) return null;
        var pool = connection.DefineStoragePool(new StoragePoolDefinition { Name = name, TargetPath = options.IsoPath });
        pool.Build();
        pool.Autostart = true;
        logger.PoolMade(name, options.IsoPath);
        return pool;
    }
}
