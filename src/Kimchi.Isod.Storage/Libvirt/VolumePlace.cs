using Kimchi.Isod.Core.Errors;
using LibvirtSharp;
using LibvirtSharp.Errors;

namespace Kimchi.Isod.Storage.Libvirt;

/// <summary>What lies where a volume's data should be.</summary>
internal static class VolumePlace
{
    private const int EIsDir = 21;

    // libvirt 9.0 to 11: the words of storage_util.c, which have no code of their own.
    private static readonly string[] ForeignTexts = ["is a FIFO", "is a socket", "unexpected storage mode"];

    /// <summary>Makes sure that a file or a block device is there: libvirtd, asked to open a FIFO, waits in open(2) with the pool locked.</summary>
    /// <exception cref="DownloadException">It is something else, so not what was made for a download (<see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    /// <exception cref="LibvirtException">libvirt cannot tell.</exception>
    public static StorageVolumeInfo Require(StorageVolume volume)
    {
        var info = volume.GetInfo();
        return info.Type is StorageVolumeType.File or StorageVolumeType.Block ? info : throw Foreign($"libvirt calls it '{info.Type}'", null);
    }

    /// <summary>Whether libvirt refused a call since neither a file nor a block device is there.</summary>
    public static bool IsForeign(LibvirtException e) =>
        e.SystemError == EIsDir || e.Message.Contains("Is a directory", StringComparison.Ordinal) ||
        (e.Code is LibvirtErrorCode.InternalError && Array.Exists(ForeignTexts, text => e.Message.Contains(text, StringComparison.Ordinal)));

    /// <summary>The failure that stands for that. Trying again does not help.</summary>
    public static DownloadException Foreign(string what, LibvirtException? inner) => new(
        DownloadErrorKind.VolumeLost,
        $"what has the volume's place is neither a file nor a block device ({what}): somebody else put it there, and it is left as it is; " +
        "cancel this download, and start it again under another name", inner);
}
