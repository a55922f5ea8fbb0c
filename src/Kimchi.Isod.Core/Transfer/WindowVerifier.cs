using System.IO.Hashing;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Reads windows back and finds out how many of them can be trusted. Blocks.</summary>
internal static class WindowVerifier
{
    /// <summary>The first byte that is missing or wrong, when all before it were read back and compared.</summary>
    /// <param name="volume">The volume to read.</param>
    /// <param name="head">The image's head as far as it is stored.</param>
    /// <param name="windows">The windows in the order of their bytes.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    public static long FindEnd(IVolume volume, byte[] head, IReadOnlyList<Window> windows, CancellationToken cancellationToken)
    {
        long end = head.Length;
        if (head.Length < ImageHead.Size) return end;
        foreach (var window in windows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (window.Start != end || !IsStored(volume, window)) break;
            end = window.End;
        }

        return end;
    }

    /// <summary>Reads a whole window back.</summary>
    /// <exception cref="DownloadException">It is not there (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public static void Prove(IVolume volume, Window window)
    {
        if (IsStored(volume, window)) return;
        throw VolumeContent.Lost($"the bytes from {window.Start} to {window.End}");
    }

    private static bool IsStored(IVolume volume, Window window)
    {
        var digest = new XxHash3();
        volume.Read(window.Start, window.Length, piece => digest.Append(piece));
        return digest.GetCurrentHashAsUInt64() == window.Digest;
    }
}
