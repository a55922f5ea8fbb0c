using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;

namespace Kimchi.Isod.Core.Commands;

/// <summary>Lets failed downloads go on.</summary>
internal static class FailedDownload
{
    /// <summary>Lets a failed download wait for a slot: it goes on from its last good byte, or begins again where its volume is gone.</summary>
    /// <exception cref="DownloadException">It has not failed, or another volume has its name.</exception>
    public static async Task RetryAsync(Download download, DownloadScheduler scheduler, DownloadServices services)
    {
        var isLost = download.Record is { State: DownloadState.Failed, Failure.Kind: DownloadErrorKind.VolumeLost }
            && await DownloadVolume.IsGoneAsync(download.Record, services.Volumes);
        download.Retry(isLost);
        await scheduler.EnqueueAsync(download);
    }
}
