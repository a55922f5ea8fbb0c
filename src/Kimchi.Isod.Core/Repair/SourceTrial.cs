using System.IO.Hashing;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Repair;

/// <summary>Finds the source that has sent wrong bytes, where only the checksum of the whole tells that there are some: what one of them has brought
/// is fetched again from another one, until the checksum is right. Belongs to one thread at a time.</summary>
/// <remarks>
/// Each source is suspected once, the address of the download last. What two sources send alike is not fetched again, so a trial costs the
/// size of the image once more at most, and besides what they do not send alike.
/// </remarks>
/// <param name="download">The download.</param>
/// <param name="logger">The log.</param>
internal sealed class SourceTrial(Download download, ILogger logger)
{
    private const long SmallestPart = 1 << 20;
    private const long MostParts = 1 << 16;

    // Stands for those who brought what came before the daemon was started.
    private static readonly object Unknown = new();

    private readonly HashSet<object> _suspected = [];
    private readonly List<Part> _contradicted = [];
    private StoredRanges _confirmed = StoredRanges.None;
    private IReadOnlyList<ImageRange> _ranges = [];
    private List<Part> _removed = [];

    /// <summary>Whether bytes of two sources have been compared.</summary>
    public bool HasCompared { get; private set; }

    /// <summary>Whether bytes were taken out and have not been compared with those that came in their place.</summary>
    public bool IsPending => _removed.Count > 0;

    /// <summary>Suspects the next source.</summary>
    /// <param name="stored">The image; all of it is stored.</param>
    /// <param name="size">Its size in bytes.</param>
    /// <returns>What is to be taken out, and then fetched from the source that the download has now; nothing where no source is left.</returns>
    public IReadOnlyList<ImageRange> Begin(StoredBytes stored, long size)
    {
        foreach (var suspect in download.Sources.AsEnumerable().Reverse().Prepend(Unknown))
        {
            if (_suspected.Contains(suspect) || FindJudge(suspect) is not { } judge) continue;
            var ranges = _confirmed.All.Aggregate(BroughtBy(suspect, size), (all, range) => all.Without(range)).All;
            var parts = Read(stored, ranges);
            _suspected.Add(suspect);
            if (ranges.Count == 0) continue;
            Suspect(suspect, judge, ranges);
            (_ranges, _removed) = (ranges, parts);
            _contradicted.RemoveAll(part => ranges.Any(range => range.Start < part.Range.End && part.Range.Start < range.End));
            return ranges;
        }

        return [];
    }

    /// <summary>Compares what was taken out with what came in its place.</summary>
    /// <param name="stored">The image; all of it is stored.</param>
    /// <param name="size">Its size in bytes, which is another one where all was taken out and the other source has another file.</param>
    public void Compare(StoredBytes stored, long size)
    {
        var ranges = _ranges.Where(range => range.Start < size).Select(range => range with { End = Math.Min(range.End, size) });
        var now = Read(stored, [.. ranges]).ToDictionary(part => part.Range);
        foreach (var part in _removed)
        {
            if (!now.TryGetValue(part.Range, out var other) || other.Origin is not { } judge || judge == part.Origin) continue;
            HasCompared = true;
            if (other.Digest != part.Digest) _contradicted.Add(part with { Judge = judge });
            else _confirmed = _confirmed.With(part.Range);
        }

        _removed = [];
        download.Sources.ForEach(source => source.Readmit());
    }

    /// <summary>The checksum is right: those who have sent other bytes are not asked again.</summary>
    public void Conclude()
    {
        foreach (var parts in _contradicted.GroupBy(part => part.Origin))
        {
            var (bytes, first) = (parts.Sum(part => part.Range.Length), parts.Min(part => part.Range.Start));
            if (parts.Key is not { } culprit) logger.UnknownSentWrong(download.Record.Volume, first, bytes);
            else Reject(culprit, $"the checksum is right without its bytes: within {bytes} bytes, from byte {first} on, it has sent others than {parts.First().Judge!.Url}");
        }

        _contradicted.Clear();
    }

    /// <summary>What the trial has found though the checksum is still wrong, for the end of a sentence.</summary>
    public string Explain() => _contradicted.MinBy(part => part.Range.Start) is { } part
        ? $"; {part.Origin?.Url.ToString() ?? "what came first"} and {part.Judge!.Url} do not send the same, from byte {part.Range.Start} on, and neither is right"
        : "; another source has sent the same bytes, so the checksum may be of another file";

    // One that has failed in this run may be better than none: what there is would be dropped otherwise.
    private DownloadSource? FindJudge(object suspect)
    {
        if (download.Sources.Count == 1) return null;
        var others = download.Sources.Where(source => source != suspect && !source.IsRejected).ToList();
        return others.Find(source => source.IsUsable) ?? others.FirstOrDefault();
    }

    private StoredRanges BroughtBy(object suspect, long size) => suspect != Unknown
        ? download.Image.Origins.By(suspect)
        : download.Sources.SelectMany(source => download.Image.Origins.By(source).All).Aggregate(StoredRanges.UpTo(size), (all, range) => all.Without(range));

    private void Suspect(object suspect, DownloadSource judge, IReadOnlyList<ImageRange> ranges)
    {
        foreach (var other in download.Sources.Where(other => other != judge)) other.Suspend();
        judge.Forgive();
        download.Source = judge;
        var name = (suspect as DownloadSource)?.Url.ToString() ?? "a source before the daemon was started";
        logger.Suspected(download.Record.Volume, ranges.Sum(range => range.Length), name, judge.Url.ToString());
    }

    private void Reject(DownloadSource culprit, string reason)
    {
        logger.SourceFailed(download.Record.Volume, culprit.Url.ToString(), reason);
        download.Reject(culprit, reason);
    }

    private List<Part> Read(StoredBytes stored, IReadOnlyList<ImageRange> ranges)
    {
        List<Part> parts = [];
        var length = Math.Max(SmallestPart, (ranges.Count > 0 ? ranges[^1].End : 0) / MostParts);
        var digest = new XxHash3();
        foreach (var range in ranges) stored.ReadParts(range, length, digest.Append, part => parts.Add(End(part)));
        return parts;

        Part End(ImageRange part)
        {
            var found = new Part(part, digest.GetCurrentHashAsUInt64(), download.Image.Origins.Find(part) is [DownloadSource origin] ? origin : null, null);
            digest.Reset();
            return found;
        }
    }

    // Bytes that a source has sent, and who has sent others in their place.
    private sealed record Part(ImageRange Range, ulong Digest, DownloadSource? Origin, DownloadSource? Judge);
}
