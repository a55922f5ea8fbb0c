using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Repair;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Running;

/// <summary>One try at a download, from its first missing byte to the published image.</summary>
/// <param name="download">The download.</param>
/// <param name="run">Its run.</param>
/// <param name="repair">Follows a wrong checksum, in all tries of the run together.</param>
/// <param name="services">What downloads share.</param>
internal sealed class DownloadAttempt(Download download, RunControl run, ImageRepair repair, DownloadServices services)
{
    private const int MostDisturbances = 2;

    private readonly ReadBack _readBack = new(download, run, services);
    private readonly ConnectionRamp _ramp = new(download.MostConnections(services.Options), services.Time);
    private int _disturbances;

    /// <summary>Does all that is left to do.</summary>
    /// <param name="opened">The file, where the start has opened it already.</param>
    /// <param name="isFresh">Whether nothing was ever written to the volume.</param>
    public async Task RunAsync(IRemoteFile? opened, bool isFresh)
    {
        await FetchAsync(opened, isFresh);
        while (!await PublishAsync())
        {
            CountDisturbance();
            await FetchAsync(null, isFresh: false);
        }
    }

    // What is stored is read back for it at once; whether once more may help is up to the retries.
    private void CountDisturbance()
    {
        if (++_disturbances <= MostDisturbances) return;
        throw DownloadException.Transient(
            DownloadErrorKind.VolumeLost, "somebody else goes on writing to the volume, or what holds it comes and goes: find out who, and retry");
    }

    private async Task<bool> PublishAsync()
    {
        var publication = new ImagePublication(download, run, services);
        while (true)
        {
            try
            {
                await repair.CompareAsync();
                var isPublished = await publication.RunAsync();
                if (isPublished) repair.Conclude();
                return isPublished;
            }
            catch (DownloadException e) when (e.Kind is DownloadErrorKind.ChecksumMismatch)
            {
                if (!await repair.TryBeginAsync()) BeginAgain(e);
            }
            catch (DownloadException e) when (e.Kind is DownloadErrorKind.SignatureMismatch && download.Record.Doubt is JoinDoubt.Weak)
            {
                BeginAgain(e);
            }

            await FetchAsync(null, isFresh: false);
        }
    }

    // Once, and where no other source has been asked already for what is in doubt.
    private void BeginAgain(DownloadException mismatch)
    {
        if (repair.HasActed || download.Record.Doubt is not JoinDoubt.Weak) throw repair.Explain(mismatch);
        services.Logger.StartingAgain(download.Record.Volume, $"its parts were joined on weak evidence, and {mismatch.Message}");
        download.Image.DropDoubtful();
        download.Source = download.Sources[0]; // One that failed gives way to the next.
    }

    private async Task FetchAsync(IRemoteFile? opened, bool isFresh)
    {
        await _readBack.VerifyAsync();
        while (download.Image.FirstGap is not null)
        {
            await new Fetcher(download, run, _ramp, services).RunAsync(opened, isFresh);
            (opened, isFresh) = (null, false);
            if (download.Image.Trust.IsSuspect) CountDisturbance();
            await _readBack.VerifyTransferredAsync();
        }

        if (services.Options.Verify is VerifyPolicy.Full && !await _readBack.VerifyAllAsync())
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the volume does not hold what was written to it");
    }
}
