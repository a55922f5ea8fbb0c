using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Storage.Libvirt;

namespace Kimchi.Isod.Api;

/// <summary>Looks at what the daemon needs: its state store, libvirt, the pools.</summary>
internal sealed class HealthChecks(IDownloadStore store, IVolumePools pools, AllowedPools allowed, TimeProvider time)
{
    // Longer than libvirt ever takes when it is well; the client wants an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthReply> RunAsync(CancellationToken cancellationToken)
    {
        List<Task<HealthCheck>> checks =
        [
            CheckAsync("state", () => Task.Run(() => store.FindNewest(new VolumeId("", "")), cancellationToken)),
            CheckAsync("libvirt", () => pools.GetServerVersionAsync(cancellationToken)),
            .. allowed.Names.Select(pool => CheckAsync($"pool {pool}", () => pools.CheckPoolAsync(pool, cancellationToken))),
        ];
        var all = await Task.WhenAll(checks);
        return new HealthReply(all.All(check => check.Healthy), all);
    }

    /// <summary>The version of libvirt, or null where it is out of reach.</summary>
    public async Task<string?> FindLibvirtVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await pools.GetServerVersionAsync(cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (e is DownloadException or TimeoutException)
        {
            return null;
        }
    }

    private async Task<HealthCheck> CheckAsync(string name, Func<Task> check)
    {
        try
        {
            await check().WaitAsync(Patience, time);
            return new HealthCheck(name, Healthy: true, null);
        }
        catch (DownloadException e)
        {
            return new HealthCheck(name, Healthy: false, $"{ErrorCatalog.Find(e.Kind).Id}: {e.Message}");
        }
        catch (TimeoutException)
        {
            return new HealthCheck(name, Healthy: false, $"no answer within {Patience.TotalSeconds} s");
        }
    }
}
