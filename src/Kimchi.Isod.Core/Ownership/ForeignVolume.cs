using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Ownership;

/// <summary>What users are told of a volume that is not their download's.</summary>
internal static class ForeignVolume
{
    /// <summary>The failure of a download whose volume is another's now. Trying again does not help.</summary>
    public static DownloadException Lost(DownloadRecord record, VolumeFinding found) => new(
        DownloadErrorKind.VolumeLost,
        $"the volume {VolumeName.Quote(record.Volume.Name)} in the pool '{record.Volume.Pool}' is not this download's any more: it is {found.Content}; " +
        "it is left as it is; cancel this download, and start it again under another name");

    /// <summary>The answer to a start that would keep what has its name, where that is not what it asks for.</summary>
    /// <param name="volume">The volume that has the name, or is to have it.</param>
    /// <param name="difference">What is not as it is asked for.</param>
    public static DownloadException Differs(VolumeId volume, string difference) => new(
        DownloadErrorKind.NameInUse,
        $"the name {VolumeName.Quote(volume.Name)} is in use in the pool '{volume.Pool}', and what has it is not kept: {difference}");

    /// <summary>The answer to a start whose name is taken.</summary>
    /// <param name="volume">The volume that was to have the name.</param>
    /// <param name="token">The token of the volume that has the name; null where it has none.</param>
    public static DownloadException NameInUse(VolumeId volume, VolumeToken? token)
    {
        var by = token is null ? "" : $" by a download in progress of the host '{token.Host}'";
        return new DownloadException(
            DownloadErrorKind.NameInUse,
            $"the name {VolumeName.Quote(volume.Name)} is in use in the pool '{volume.Pool}'{by}: give another, or leave the name out");
    }
}
