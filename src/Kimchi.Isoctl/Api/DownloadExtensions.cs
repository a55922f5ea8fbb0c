using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>What a status means to somebody who waits.</summary>
internal static class DownloadExtensions
{
    /// <summary>Whether nothing more will come of it by itself.</summary>
    public static bool IsOver(this Download download) =>
        download.Status is DownloadStatus.Completed or DownloadStatus.Failed or DownloadStatus.Cancelled;
}
