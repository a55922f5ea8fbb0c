namespace Kimchi.Isod.Core.State;

/// <summary>Which bytes of an image are proven to be in its volume, or held back as its head. Never changes.</summary>
/// <remarks>Ranges that touch each other are one. A gap between two of them is an ordinary state: bytes may be stored in any order.</remarks>
public sealed class StoredRanges : IEquatable<StoredRanges>
{
    private readonly ImageRange[] _ranges;

    private StoredRanges(ImageRange[] ranges) => _ranges = ranges;

    /// <summary>No bytes.</summary>
    public static StoredRanges None { get; } = new([]);

    /// <summary>The ranges in the order of their bytes.</summary>
    public IReadOnlyList<ImageRange> All => _ranges;

    /// <summary>The offset of the first byte that is missing.</summary>
    public long ContiguousEnd => _ranges is [{ Start: 0 } first, ..] ? first.End : 0;

    /// <summary>How many bytes are stored.</summary>
    public long Total => _ranges.Sum(range => range.Length);

    /// <summary>The bytes before an offset.</summary>
    public static StoredRanges UpTo(long end) => end == 0 ? None : new([new ImageRange(0, end)]);

    /// <summary>What a head and windows cover.</summary>
    /// <param name="headLength">The length of the head in bytes; 0 where there is none.</param>
    /// <param name="windows">The windows in the order of their bytes.</param>
    public static StoredRanges Of(int headLength, IEnumerable<Window> windows) =>
        windows.Aggregate(UpTo(headLength), (ranges, window) => ranges.With(window.Range));

    /// <summary>These bytes and those of a range.</summary>
    public StoredRanges With(ImageRange added)
    {
        var before = _ranges.TakeWhile(range => range.End < added.Start).ToList();
        var after = _ranges.SkipWhile(range => range.Start <= added.End).ToList();
        var merged = _ranges[before.Count..^after.Count];
        var start = merged.Length == 0 ? added.Start : Math.Min(added.Start, merged[0].Start);
        var end = merged.Length == 0 ? added.End : Math.Max(added.End, merged[^1].End);
        return new StoredRanges([.. before, new ImageRange(start, end), .. after]);
    }

    /// <summary>These bytes without those of a range.</summary>
    public StoredRanges Without(ImageRange removed)
    {
        List<ImageRange> left = [];
        foreach (var range in _ranges)
        {
            if (range.Start < removed.Start) left.Add(range with { End = Math.Min(range.End, removed.Start) });
            if (range.End > removed.End) left.Add(range with { Start = Math.Max(range.Start, removed.End) });
        }

        return new StoredRanges([.. left]);
    }

    /// <summary>Whether any of a range's bytes is among these.</summary>
    public bool Overlaps(ImageRange range) => _ranges.Any(own => own.Start < range.End && range.Start < own.End);

    /// <summary>What is missing, in the order of the bytes.</summary>
    /// <param name="size">The image's size in bytes, or null while it is not known: then the last gap has no end.</param>
    public IEnumerable<MissingRange> Gaps(long? size)
    {
        var start = 0L;
        foreach (var range in _ranges)
        {
            if (range.Start > start) yield return new MissingRange(start, range.Start, IsInside: true);
            start = range.End;
        }

        if (size is null || start < size) yield return new MissingRange(start, size, IsInside: false);
    }

    /// <inheritdoc/>
    public bool Equals(StoredRanges? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StoredRanges);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_ranges.Length, ContiguousEnd);

    /// <summary>For people: the first and the last byte of each range.</summary>
    public override string ToString() => string.Join(", ", _ranges.Select(range => $"{range.Start}-{range.End - 1}"));
}
