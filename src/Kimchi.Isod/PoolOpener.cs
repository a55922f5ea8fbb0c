using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod;

/// <summary>Connects to libvirt when the daemon starts, so that the pool ISO is there before anyone asks for it.</summary>
/// <remarks>Where libvirt is not there yet, the daemon runs all the same: every later call tries anew.</remarks>
internal sealed class PoolOpener(IVolumePools pools, AllowedPools allowed, ILogger<PoolOpener> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var pool in allowed.Names)
        {
            try
            {
                await pools.CheckPoolAsync(pool, stoppingToken);
            }
            catch (DownloadException e)
            {
                logger.PoolNotUsable(pool, e.Message);
            }
        }
    }
}
