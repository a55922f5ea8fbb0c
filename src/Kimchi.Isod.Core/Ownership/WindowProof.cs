using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>Whether what a volume holds proves that a download filled it, where no token does. Blocks.</summary>
internal static class WindowProof
{
    /// <summary>Whether every window of the download is in the volume, one of them at least with something in it, and in the head's place
    /// nothing, or the head that was to be published.</summary>
    public static bool Holds(IVolume volume, DownloadRecord record, IDownloadStore store)
    {
        var windows = store.LoadWindows(record.Id);
        return windows.Count > 0
            && HasHeadOrNothing(volume, record, store)
            && WindowVerifier.FindLost(volume, windows, null, CancellationToken.None).Count == 0
            && windows.Any(window => HasContent(volume, window));
    }

    private static bool HasHeadOrNothing(IVolume volume, DownloadRecord record, IDownloadStore store)
    {
        var head = store.LoadHead(record.Id) ?? [];
        if (head.Length < HeldHead.Size) return false;
        return volume.Holds(0, new byte[head.Length]) ? record.Token is null : volume.Holds(0, head) && (record.Token is null || record.IsPublishing);
    }

    private static bool HasContent(IVolume volume, Window window)
    {
        var hasContent = false;
        volume.Read(window.Start, window.Length, piece => hasContent |= piece.IndexOfAnyExcept((byte)0) >= 0);
        return hasContent;
    }
}
