using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What of a download is in its volume already, read back where it is in doubt or where its digest was lost.</summary>
internal sealed class StoredBytes(Download download, DownloadRun run, DownloadServices services)
{
    private static readonly VolumeFinding Unproven = new(VolumeOwner.Other, null, "a volume with this image's head, but not with its content");

    /// <summary>Makes sure that the volume is the download's, and reads back what must be: all windows after a crash, else those that the
    /// image's digest lacks.</summary>
    public Task VerifyAsync()
    {
        SkipStored();
        return download.Record.Position == 0 ? Task.CompletedTask : OpenAndReadBackAsync();
    }

    /// <summary>As <see cref="VerifyAsync"/>, after a transfer: nothing is opened where nothing must be read back.</summary>
    public Task VerifyTransferredAsync()
    {
        SkipStored();
        return MustReadBack ? OpenAndReadBackAsync() : Task.CompletedTask;
    }

    /// <summary>Reads every window back.</summary>
    /// <returns>Whether all were there.</returns>
    public async Task<bool> VerifyAllAsync()
    {
        download.Change(r => r with { IsSuspect = true });
        using var volume = await DownloadVolume.OpenAsync(download, run, services);
        await ReadBackAsync(volume, download.Digest);
        return download.Record is { Size: { } size, Position: var position } && position == size;
    }

    /// <summary>The bytes that are to be fetched next.</summary>
    public MissingPart FindMissing()
    {
        var record = download.Record;
        var next = services.Store.LoadWindows(record.Id).FirstOrDefault(window => window.Start > record.Position);
        return new MissingPart(record.Position, next?.Start ?? record.Size, IsInside: next is not null);
    }

    private bool MustReadBack => download.Record.IsSuspect || download.Digest?.Position < download.Record.Position;

    private async Task OpenAndReadBackAsync()
    {
        // One that grows is shorter after a power failure, which the reading finds.
        var isGrowing = download.Record.Allocation is VolumeAllocation.Growing;
        using var volume = await DownloadVolume.OpenAsync(download, run, services, mayBeShort: isGrowing);
        if (download.Record is { IsPublishing: true } record && record.Position != record.Size) await WithdrawAsync(volume, ImageHead.Size);
        if (MustReadBack) await ReadBackAsync(volume, download.Digest);
    }

    private async Task ReadBackAsync(OwnedVolume volume, ImageDigest? digest)
    {
        download.Enter(RunPhase.Verifying);
        var record = download.Record;
        var head = services.Store.LoadHead(record.Id) ?? [];
        var windows = services.Store.LoadWindows(record.Id).Where(window => record.IsSuspect || window.Start >= digest!.Position);
        if (digest?.Position < head.Length)
        {
            digest.Append(head.AsSpan((int)digest.Position));
            digest.Keep();
        }

        var lost = await BlockingWork.RunAsync(() => WindowVerifier.FindLost(volume, windows, digest, run.Stopping));
        if (volume.IsOnlyPublished && lost.Count > 0) throw ForeignVolume.Lost(record, Unproven);
        // A crash may have come between the publishing and the record of it: no image may be seen in what has holes.
        if (volume.IsOnlyPublished || lost.Count > 0) await WithdrawAsync(volume, head.Length);
        if (lost.Count > 0) Forget(lost);
        if (record.IsSuspect) download.Change(r => r with { IsSuspect = false });
        download.Enter(RunPhase.Transferring);
    }

    private async Task WithdrawAsync(OwnedVolume volume, int headLength)
    {
        await BlockingWork.RunAsync(() => HeadPublisher.PutToken(volume, download.Record.Token!.ToBytes(), headLength));
        if (download.Record.IsPublishing) download.Change(r => r with { IsPublishing = false });
    }

    private void Forget(IReadOnlyList<Window> lost)
    {
        var record = download.Record;
        services.Logger.WindowsLost(record.Pool, record.Name, lost.Sum(window => window.Length), lost[0].Start);
        download.DropWindows(lost);
    }

    // Behind a hole that has been filled, windows follow that were never lost.
    private void SkipStored()
    {
        var record = download.Record;
        var end = record.Position;
        foreach (var window in end < ImageHead.Size ? [] : services.Store.LoadWindows(record.Id))
        {
            if (window.Start == end) end = window.End;
        }

        if (end > record.Position) download.Change(r => r with { Position = end });
        download.Digest?.GoBack(end);
    }
}
