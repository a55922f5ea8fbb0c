using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Running;

/// <summary>Reads stored bytes back from the volume, where they are in doubt or where the digest lacks them.</summary>
internal sealed class ReadBack(Download download, RunControl run, DownloadServices services)
{
    private static readonly VolumeFinding Unproven = new(VolumeOwner.Other, null, "a volume with this image's head, but not with its content");

    /// <summary>Makes sure that the volume is the download's, and reads back what must be: all windows after a crash, else those that the
    /// image's digest lacks.</summary>
    public async Task VerifyAsync()
    {
        download.Image.RewindDigest();
        if (download.Record.StoredBytes > 0) await OpenAndReadBackAsync();
    }

    /// <summary>As <see cref="VerifyAsync"/>, after a transfer: nothing is opened where nothing must be read back.</summary>
    public async Task VerifyTransferredAsync()
    {
        download.Image.RewindDigest();
        if (download.Image.MustReadBack) await OpenAndReadBackAsync();
    }

    /// <summary>Reads every window back.</summary>
    /// <returns>Whether all were there.</returns>
    public async Task<bool> VerifyAllAsync()
    {
        download.Image.Trust.Doubt();
        await using var volume = await DownloadVolume.OpenAsync(download.Image, run.Id, services.Volumes);
        await ReadBackAsync(volume);
        return download.Image.IsWhole;
    }

    private async Task OpenAndReadBackAsync()
    {
        // One that grows is shorter after a power failure, which the reading finds.
        var isGrowing = download.Record.Allocation is VolumeAllocation.Growing;
        await using var volume = await DownloadVolume.OpenAsync(download.Image, run.Id, services.Volumes, mayBeShort: isGrowing);
        if (download.Record is { IsPublishing: true } record && record.ImagePosition != record.ImageSize) await BlockingWork.RunAsync(() => download.Image.WithdrawHead(volume, HeldHead.Size));
        if (download.Image.MustReadBack) await ReadBackAsync(volume);
    }

    private async Task ReadBackAsync(OwnedVolume volume)
    {
        download.Enter(RunPhase.Verifying);
        var image = download.Image;
        var (head, digest, isSuspect) = (image.LoadHead(), image.Digest, image.Trust.IsSuspect);
        var windows = image.LoadWindows().Where(window => isSuspect || window.Start >= digest!.Position);
        if (digest?.Position < head.Length)
        {
            digest.Append(head.AsSpan((int)digest.Position));
            digest.Checkpoint();
        }

        var lost = await BlockingWork.RunAsync(() => WindowVerifier.FindLost(volume, windows, digest, run.Stopping));
        if (volume.IsOnlyPublished && lost.Count > 0) throw ForeignVolume.Lost(download.Record, Unproven);
        // A crash may have come between the publishing and the record of it: no image may be seen in what has holes.
        if (volume.IsOnlyPublished || lost.Count > 0) await BlockingWork.RunAsync(() => image.WithdrawHead(volume, head.Length));
        if (lost.Count > 0) Forget(lost);
        volume.CheckIdle();
        if (volume.IsDisturbed)
            throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "somebody else wrote to the volume while it was read back: find out who, and retry");
        image.Trust.Restore();
        download.Enter(RunPhase.Transferring);
    }

    private void Forget(IReadOnlyList<Window> lost)
    {
        var record = download.Record;
        services.Logger.WindowsLost(record.Volume, lost.Sum(window => window.Length), lost[0].Start);
        download.Image.DropWindows(lost);
    }
}
