using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Clears what was on a block device before, which a new volume shows; files have no such thing. Blocks.</summary>
internal static class OldData
{
    private const int PieceSize = 256 * 1024;

    /// <summary>Clears what is behind the image: the volume's last extent is seldom full, and a partition table is looked for at the end too.</summary>
    /// <exception cref="DownloadException">The zeros did not arrive (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void ClearRest(IVolume volume, long imageSize) => Clear(volume, imageSize, volume.GetCapacity() - imageSize);

    private static void Clear(IVolume volume, long offset, long length)
    {
        if (volume.IsZeroed || length <= 0) return;
        var zeros = new byte[(int)Math.Min(PieceSize, length)];
        using (var upload = volume.BeginUpload(offset, length))
        {
            for (var left = length; left > 0; left -= Math.Min(left, zeros.Length)) upload.Write(zeros.AsSpan(0, (int)Math.Min(left, zeros.Length)));
            upload.Finish();
        }

        var isClear = true;
        volume.Read(offset, length, piece => isClear &= piece.IndexOfAnyExcept((byte)0) < 0);
        if (!isClear) throw VolumeContent.Lost("the zeros over what was there before");
    }
}
