using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Reads stored bytes of an image, those of its head too. Blocks.</summary>
/// <param name="head">The head, which is not in the volume.</param>
/// <param name="volume">The volume.</param>
/// <param name="stop">Stops between two pieces.</param>
internal sealed class StoredBytes(byte[] head, IVolume volume, CancellationToken stop)
{
    // As WindowRun does: libvirt's client keeps what nobody has read yet.
    private const long MostAtOnce = 1L << 30;

    /// <summary>Reads a range part by part. Parts end at the multiples of a length.</summary>
    /// <param name="range">The range; all of it is stored.</param>
    /// <param name="length">Bytes of a part: more than none.</param>
    /// <param name="take">Gets the bytes of a part, some at a time.</param>
    /// <param name="end">Hears that all of a part was read.</param>
    /// <exception cref="Errors.DownloadException">The volume is shorter (transient <see cref="Errors.DownloadErrorKind.VolumeLost"/>).</exception>
    public void ReadParts(ImageRange range, long length, VolumeReader take, Action<ImageRange> end)
    {
        var (start, at) = (range.Start, range.Start);
        if (at < head.Length) Take(head.AsSpan((int)at, (int)(Math.Min(range.End, head.Length) - at)));
        while (at < range.End)
        {
            var before = at;
            volume.Read(at, Math.Min(range.End - at, MostAtOnce), Take);
            if (at == before) throw VolumeContent.Lost($"the bytes from {at} to {range.End}");
        }

        void Take(ReadOnlySpan<byte> bytes)
        {
            stop.ThrowIfCancellationRequested();
            while (bytes.Length > 0)
            {
                var partEnd = Math.Min(range.End, ((at / length) + 1) * length);
                var part = bytes[..(int)Math.Min(bytes.Length, partEnd - at)];
                take(part);
                at += part.Length;
                bytes = bytes[part.Length..];
                if (at < partEnd) continue;
                end(new ImageRange(start, at));
                start = at;
            }
        }
    }
}
