using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Watching;

/// <summary>What there is to see of downloads: the live ones as they are now, the ended ones as they ended.</summary>
public sealed class DownloadCatalog(DownloadRegistry registry, DownloadFeed feed, IDownloadStore store, IVolumePools pools)
{
    /// <summary>The live downloads of every pool, newest first.</summary>
    public IReadOnlyList<DownloadSnapshot> ListLive() => [.. registry.All().Select(d => d.TakeSnapshot()).OrderByDescending(s => s.Record.Id)];

    /// <summary>Every download of a pool, live and ended, newest first.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.PoolNotFound"/>.</exception>
    public async Task<IReadOnlyList<DownloadSnapshot>> ListAsync(string pool, CancellationToken cancellationToken)
    {
        await RequirePoolAsync(pool, cancellationToken);
        // Those that run first: one that ends meanwhile is then seen as it was, and not missed.
        var live = registry.All().Where(d => d.Record.Volume.Pool == pool).ToDictionary(d => d.Record.Id);
        return [.. store.LoadAll(pool).Select(record => live.TryGetValue(record.Id, out var d) ? d.TakeSnapshot() : new DownloadSnapshot(record))];
    }

    /// <summary>The newest download of that name.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.DownloadNotFound"/>, or
    /// <see cref="DownloadErrorKind.PoolNotFound"/>.</exception>
    public async Task<DownloadSnapshot> GetAsync(VolumeId volume, CancellationToken cancellationToken)
    {
        if (registry.Find(volume) is { } live) return live.TakeSnapshot();
        if (store.FindNewest(volume) is { State: not DownloadState.Preparing } ended) return new DownloadSnapshot(ended);
        throw await NotFoundAsync(volume, cancellationToken);
    }

    /// <summary>Forgets the ended and failed downloads of that name. The volumes stay, that of a failed one too.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.NotOver"/>,
    /// <see cref="DownloadErrorKind.DownloadNotFound"/> or <see cref="DownloadErrorKind.PoolNotFound"/>.</exception>
    public async Task ForgetAsync(VolumeId volume, CancellationToken cancellationToken)
    {
        var isFound = ForgetFailed(volume);
        var ended = store.RemoveEnded(volume);
        feed.TellForgotten(ended);
        if (!isFound && ended.Count == 0) throw await NotFoundAsync(volume, cancellationToken);
    }

    /// <summary>The answer to a name that no download goes by.</summary>
    internal async Task<DownloadException> NotFoundAsync(VolumeId volume, CancellationToken cancellationToken)
    {
        await RequirePoolAsync(volume.Pool, cancellationToken);
        return new DownloadException(
            DownloadErrorKind.DownloadNotFound, $"no download goes by the name {VolumeName.Quote(volume.Name)} in the pool '{volume.Pool}'");
    }

    private bool ForgetFailed(VolumeId volume)
    {
        if (registry.Find(volume) is not { } failed) return false;
        failed.Forget();
        registry.Remove(failed);
        feed.TellForgotten([new ForgottenDownload(failed.Record.Id, volume)]);
        return true;
    }

    private async Task RequirePoolAsync(string pool, CancellationToken cancellationToken)
    {
        try
        {
            await pools.CheckPoolAsync(pool, cancellationToken);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.LibvirtUnreachable or DownloadErrorKind.PoolNotRunning)
        {
            // Whether there is such a pool cannot be told now, or it does not run; which downloads there are can be told.
        }
    }
}
