using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Reads windows back and finds out which of them can be trusted. Blocks.</summary>
internal static class WindowVerifier
{
    /// <summary>The windows that are not in the volume as they were written.</summary>
    /// <param name="volume">The volume to read.</param>
    /// <param name="windows">The windows in the order of their bytes.</param>
    /// <param name="digest">Gets the bytes that follow those it has, or null.</param>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    public static IReadOnlyList<Window> FindLost(
        IVolume volume, IEnumerable<Window> windows, ImageDigest? digest, CancellationToken cancellationToken)
    {
        List<Window> lost = [];
        foreach (var run in WindowRun.Group(windows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            lost.AddRange(new WindowRun(run, digest).FindLost(volume, cancellationToken));
        }

        return lost;
    }

    /// <summary>Reads a whole window back.</summary>
    /// <exception cref="DownloadException">It is not there (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void Prove(IVolume volume, Window window)
    {
        if (new WindowRun([window], null).FindLost(volume, CancellationToken.None).Count == 0) return;
        throw VolumeContent.Lost($"the bytes from {window.Start} to {window.End}");
    }
}
