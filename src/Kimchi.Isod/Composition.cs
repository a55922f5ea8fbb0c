using Kimchi.Isod.Configuration;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Space;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Sources;
using Kimchi.Isod.Storage.Libvirt;
using Kimchi.Isod.Storage.State;

namespace Kimchi.Isod;

/// <summary>Which adapter stands behind which port.</summary>
internal static class Composition
{
    public static void AddDownloads(this IServiceCollection services, Settings settings, StateDirectory state)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings.Downloads);
        services.AddSingleton(settings.State);
        services.AddSingleton<IDownloadStore>(_ => SqliteDownloadStore.Open(state));
        services.AddSingleton<IVolumePools>(provider => new LibvirtPools(
            settings.Libvirt, settings.Pools, provider.GetRequiredService<ILogger<LibvirtPools>>()));
        services.AddSingleton<IRemoteSource>(provider => new RemoteSource(settings.Network, TimeProvider.System));
        services.AddSingleton(new RateLimiter(settings.Downloads.LimitRate, TimeProvider.System));
        services.AddSingleton<PoolSpace>();
        services.AddSingleton<DownloadServices>();
        services.AddSingleton<DownloadRegistry>();
        services.AddSingleton<DownloadScheduler>();
        services.AddSingleton<DownloadStarter>();
        services.AddSingleton<DownloadManager>();
        services.AddHostedService<DownloadRecovery>();
        services.AddHostedService<HistoryCleaner>();
    }
}
