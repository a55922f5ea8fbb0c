using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Compares what a volume holds with what it should hold. Blocks.</summary>
internal static class VolumeContent
{
    /// <summary>Whether exactly these bytes are at <paramref name="offset"/>.</summary>
    public static bool Holds(this IVolume volume, long offset, ReadOnlyMemory<byte> expected)
    {
        var isSame = true;
        var found = 0;
        volume.Read(offset, expected.Length, piece =>
        {
            isSame &= expected.Span[found..].StartsWith(piece);
            found += piece.Length;
        });
        return isSame && found == expected.Length;
    }

    /// <summary>The failure for bytes that are not there. Writing them again may help.</summary>
    public static DownloadException Lost(string bytes) => DownloadException.Transient(
        DownloadErrorKind.VolumeLost, $"libvirt reported success, but {bytes} are not in the volume");
}
