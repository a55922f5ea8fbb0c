using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Running;

/// <summary>One try at a download, from its first missing byte to the published image.</summary>
internal sealed class DownloadAttempt(Download download, RunControl run, DownloadServices services)
{
    private readonly ReadBack _readBack = new(download, run, services);

    /// <summary>Does all that is left to do.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <param name="isFresh">Whether nothing was ever written to the volume.</param>
    public async Task RunAsync(IRemoteFile? opened, bool isFresh)
    {
        await FetchAsync(opened, isFresh);
        if (await PublishAsync()) return;
        await FetchAsync(null, isFresh: false);
        if (await PublishAsync()) return;
        throw DownloadException.Transient(
            DownloadErrorKind.VolumeLost, "somebody else writes to the volume, or what holds it comes and goes: the image cannot be published like that");
    }

    private async Task<bool> PublishAsync()
    {
        var publication = new ImagePublication(download, run, services);
        try
        {
            return await publication.RunAsync();
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.ChecksumMismatch && download.Record.Doubt is JoinDoubt.Weak)
        {
            services.Logger.StartingAgain(download.Record.Pool, download.Record.Name, $"its parts were joined on weak evidence, and {e.Message}");
            download.Image.DropDoubtful();
            await FetchAsync(null, isFresh: false);
            return await publication.RunAsync();
        }
    }

    private async Task FetchAsync(IRemoteFile? opened, bool isFresh)
    {
        await _readBack.VerifyAsync();
        while (download.Image.FirstGap is not null)
        {
            await new Fetcher(download, run, services).RunAsync(opened, isFresh);
            (opened, isFresh) = (null, false);
            await _readBack.VerifyTransferredAsync();
        }

        if (services.Options.Verify is VerifyPolicy.Full && !await _readBack.VerifyAllAsync())
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the volume does not hold what was written to it");
    }
}
