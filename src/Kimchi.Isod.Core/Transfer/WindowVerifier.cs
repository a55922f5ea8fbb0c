using System.IO.Hashing;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Reads windows back and finds out which of them can be trusted. Blocks.</summary>
internal static class WindowVerifier
{
    /// <summary>The windows that are not in the volume as they were written.</summary>
    /// <param name="volume">The volume to read.</param>
    /// <param name="windows">The windows in the order of their bytes.</param>
    /// <param name="digest">Gets the bytes that follow those it has, or null.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    public static IReadOnlyList<Window> FindLost(
        IVolume volume, IEnumerable<Window> windows, ImageDigest? digest, CancellationToken cancellationToken)
    {
        List<Window> lost = [];
        foreach (var window in windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var following = digest?.Position == window.Start ? digest : null;
            if (IsStored(volume, window, following))
            {
                following?.Keep();
                continue;
            }

            following?.GoBack(window.Start);
            lost.Add(window);
        }

        return lost;
    }

    /// <summary>Reads a whole window back.</summary>
    /// <exception cref="DownloadException">It is not there (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void Prove(IVolume volume, Window window)
    {
        if (IsStored(volume, window, null)) return;
        throw VolumeContent.Lost($"the bytes from {window.Start} to {window.End}");
    }

    private static bool IsStored(IVolume volume, Window window, ImageDigest? digest)
    {
        var found = new XxHash3();
        volume.Read(window.Start, window.Length, piece =>
        {
            found.Append(piece);
            digest?.Append(piece);
        });
        return found.GetCurrentHashAsUInt64() == window.Digest;
    }
}
