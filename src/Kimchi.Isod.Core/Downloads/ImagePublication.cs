using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>The last steps of a download: what was fetched is judged, made durable, and then becomes an image by its head.</summary>
internal sealed class ImagePublication(Download download, DownloadRun run, DownloadServices services)
{
    /// <summary>Publishes a fetched image.</summary>
    /// <exception cref="DownloadException">It is not to be published (<see cref="DownloadErrorKind.NotAnImage"/>,
    /// <see cref="DownloadErrorKind.ChecksumMismatch"/>), or the volume failed.</exception>
    public async Task RunAsync()
    {
        run.Stopping.ThrowIfCancellationRequested();
        download.Enter(RunPhase.Publishing);
        CheckDigest();
        var head = services.Store.LoadHead(download.Record.Id)
            ?? throw new InvalidOperationException("a fetched image has a head");
        ImageInspector.Inspect(head, services.Options.Accept);
        using var volume = await DownloadVolume.OpenAsync(download.Record, services.Pools);
        await BlockingWork.RunAsync(() =>
        {
            OldData.ClearRest(volume, download.Record.Size!.Value);
            // The head must not outlive, in a power failure, what it stands for.
            Flush(volume, 0);
            HeadPublisher.Publish(volume, head);
            Flush(volume, head.Length);
        });
    }

    // A kernel that could not write pages to the disk takes them for written from then on, and reads them from its memory: fsync(2).
    // Nothing that is read back proves anything any more, so all is fetched again, into another file.
    private void Flush(IVolume volume, int publishedLength)
    {
        try
        {
            volume.Flush();
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.VolumeLost)
        {
            download.DropBytes();
            if (publishedLength > 0) HeadPublisher.Withdraw(volume, publishedLength);
            throw;
        }
    }

    private void CheckDigest()
    {
        if (download.Record.Checksum is not { } expected) return;
        if (download.Digest is not { } digest || digest.Position != download.Record.Size)
            throw new InvalidOperationException("the digest of a fetched image has all its bytes");
        var found = digest.Current();
        if (found == expected) return;
        throw new DownloadException(
            DownloadErrorKind.ChecksumMismatch,
            $"the checksum does not match: expected {expected}, found {found}; the image is not published, its bytes are dropped; " +
            "compare the checksum with its publisher's, or use another mirror");
    }
}
