using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Running;

/// <summary>The last steps of a download: what was fetched is judged, made durable, and then becomes an image by its head.</summary>
internal sealed class ImagePublication(Download download, RunControl run, DownloadServices services)
{
    /// <summary>Publishes a fetched image.</summary>
    /// <returns>False where something happened to the volume, so that all must be read back first: nothing is published then.</returns>
    /// <exception cref="DownloadException">It is not to be published (<see cref="DownloadErrorKind.NotAnImage"/>,
    /// <see cref="DownloadErrorKind.ChecksumMismatch"/>, <see cref="DownloadErrorKind.SignatureMismatch"/>), or the volume failed.</exception>
    public async Task<bool> RunAsync()
    {
        run.Stopping.ThrowIfCancellationRequested();
        download.Enter(RunPhase.Publishing);
        CheckDigest();
        await CheckSignatureAsync();
        var head = download.Image.LoadHead();
        if (head.Length == 0) throw new DownloadException(DownloadErrorKind.NotAnImage, "the file is empty");
        ImageInspector.Inspect(head, services.Options.Accept);
        if (IsLongerThanItsFile) await services.Space.RecreateVolumeAsync(download.Image, run.Stopping);
        await using var volume = await DownloadVolume.OpenAsync(download.Image, run.Id, services.Volumes);
        return !download.Image.Trust.IsSuspect && await BlockingWork.RunAsync(() => Publish(volume, head));
    }

    private bool Publish(OwnedVolume volume, byte[] head)
    {
        OldData.ClearRest(volume, download.Record.ImageSize!.Value);
        // The head must not outlive, in a power failure, what it stands for.
        VolumeFlush.Run(download.Image, volume);
        if (download.Image.Trust.IsSuspect) return false;
        download.Change(r => r with { IsPublishing = true });
        HeadPublisher.Publish(volume, head);
        var isDurable = VolumeFlush.Run(download.Image, volume, head.Length);
        if (download.Image.Trust.IsSuspect)
        {
            download.Image.WithdrawHead(volume, head.Length);
            return false;
        }

        if (isDurable) return true;
        services.Logger.NotDurable(download.Record.Volume);
        download.Change(r => r with { FileIdentity = null });
        return true;
    }

    // Of a file whose size was not known all may be held back as its head; its volume has never been cut.
    private bool IsLongerThanItsFile => download.Record is { Allocation: VolumeAllocation.Growing, ImageSize: <= HeldHead.Size };

    private ImageDigest WholeDigest => download.Image.Digest is { } digest && digest.Position == download.Record.ImageSize
        ? digest
        : throw new InvalidOperationException("the digest of a fetched image has all its bytes");

    // By the keyring as it is now: a key that was revoked meanwhile publishes nothing. What is stored stays for a retry, unless it is proven to
    // be another image than the signed one.
    private async Task CheckSignatureAsync()
    {
        if (download.Record.ImageSignature is not { } signature) return;
        var image = new SignedImage(WholeDigest);
        try
        {
            var proof = await BlockingWork.RunAsync(() => services.Signatures.Verify(signature, image));
            download.Change(r => r with { Proof = proof });
            services.Logger.SignatureGood(download.Record.Volume, "the image", proof);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.SignatureMismatch)
        {
            throw new DownloadException(
                e.Kind, $"the image is not the one that was signed: {e.Message}; it is not published, its bytes are dropped; use another mirror, or the signature of this image", e);
        }
    }

    private void CheckDigest()
    {
        if (download.Record.Checksum is not { } expected) return;
        var found = WholeDigest.Current();
        if (found == expected) return;
        throw new DownloadException(
            DownloadErrorKind.ChecksumMismatch,
            $"the checksum does not match: expected {expected}, found {found}; the image is not published, its bytes are dropped; " +
            "compare the checksum with its publisher's, or use another mirror");
    }
}
