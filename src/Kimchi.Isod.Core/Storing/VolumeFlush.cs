using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Makes a download's volume durable. Blocks.</summary>
internal static class VolumeFlush
{
    /// <summary>Flushes the volume, looks for the writes of others, and keeps the stamp that vouches for what is stored now.</summary>
    /// <param name="image">What is stored in it.</param>
    /// <param name="volume">Its volume.</param>
    /// <param name="publishedLength">How many bytes of the image's head are in it.</param>
    /// <returns>False where nobody can flush it, since this machine does not see its file.</returns>
    /// <remarks>
    /// A kernel that could not write pages to the disk takes them for written from then on, and reads them from its memory: fsync(2).
    /// Nothing that is read back proves anything any more, so all is fetched again, into another file.
    /// </remarks>
    /// <exception cref="DownloadException">The disk failed (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static bool Run(StoredImage image, OwnedVolume volume, int publishedLength = 0)
    {
        try
        {
            var isDurable = volume.Flush();
            volume.CheckIdle();
            if (publishedLength == 0) image.Trust.Keep();
            return isDurable;
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.VolumeLost)
        {
            // First the windows: should this process die in between, none of them counts any more.
            if (image.LoadWindows() is { Count: > 0 } windows) image.DropWindows(windows);
            if (publishedLength > 0) HeadPublisher.PutToken(volume, image.Record.Token!.ToBytes(), publishedLength);
            image.Drop();
            throw;
        }
    }
}
