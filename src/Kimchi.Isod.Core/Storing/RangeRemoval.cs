using System.IO.Hashing;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>Takes bytes out of what is stored of an image, so that they are fetched again. Blocks.</summary>
/// <param name="image">The image.</param>
/// <param name="volume">Its volume, where nothing is written.</param>
/// <param name="ranges">The bytes, in their order. Of the image's head all are taken out, or none.</param>
/// <param name="stop">Stops it before anything is taken out.</param>
internal sealed class RangeRemoval(StoredImage image, IVolume volume, IReadOnlyList<ImageRange> ranges, CancellationToken stop)
{
    /// <summary>Takes them out. What a crash leaves undone is fetched again, too, and nothing else.</summary>
    public void Run()
    {
        var windows = image.LoadWindows().Where(window => ranges.Any(range => range.Start < window.End && window.Start < range.End)).ToList();
        var kept = windows.SelectMany(Split).ToList();
        if (windows.Count > 0) image.DropWindows(windows);
        foreach (var window in kept) image.KeepWindow(window);
        if (ranges.Any(range => range.Start < HeldHead.Size)) image.DropHead();
    }

    // What is left of a window, as windows of their own. Nothing is of one that the volume does not hold as it was written.
    private List<Window> Split(Window window)
    {
        var left = ranges.Aggregate(StoredRanges.None.With(window.Range), (all, range) => all.Without(range)).All;
        var whole = new XxHash3();
        var parts = left.Select(_ => new XxHash3()).ToList();
        var at = window.Start;
        new StoredBytes([], volume, stop).ReadParts(window.Range, window.Length, Take, _ => { });
        return whole.GetCurrentHashAsUInt64() == window.Digest
            ? [.. left.Select((range, i) => new Window(range.Start, range.Length, parts[i].GetCurrentHashAsUInt64()))]
            : [];

        void Take(ReadOnlySpan<byte> bytes)
        {
            whole.Append(bytes);
            for (var i = 0; i < left.Count; i++)
            {
                var (from, to) = (Math.Max(left[i].Start, at), Math.Min(left[i].End, at + bytes.Length));
                if (from < to) parts[i].Append(bytes[(int)(from - at)..(int)(to - at)]);
            }

            at += bytes.Length;
        }
    }
}
