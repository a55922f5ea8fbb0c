using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Puts the image's head into the volume, the last step that makes it an image. Blocks.</summary>
internal static class HeadPublisher
{
    /// <summary>Uploads the head and reads all of it back.</summary>
    /// <exception cref="DownloadException">It did not arrive (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void Publish(IVolume volume, byte[] head) => Write(volume, head);

    /// <summary>Puts the download's token, and zeros behind it, in the head's place, so that the volume is no image.</summary>
    /// <exception cref="DownloadException">They did not arrive (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void PutToken(IVolume volume, ReadOnlySpan<byte> token, int length)
    {
        var bytes = new byte[length];
        token[..Math.Min(token.Length, length)].CopyTo(bytes);
        Write(volume, bytes);
    }

    private static void Write(IVolume volume, byte[] head)
    {
        using (var upload = volume.BeginUpload(0, head.Length))
        {
            upload.Write(head);
            upload.Finish();
        }

        if (volume.Holds(0, head)) return;
        throw VolumeContent.Lost("the image's first bytes");
    }
}
