using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Segments;

/// <summary>Which bytes of an image nobody fetches yet. Gives them out in their order, each once.</summary>
/// <param name="missing">The ranges that are missing, in the order of their bytes.</param>
internal sealed class SegmentPlan(IEnumerable<ImageRange> missing)
{
    private readonly LinkedList<ImageRange> _free = new(missing);

    /// <summary>Whether every byte was given out.</summary>
    public bool IsEmpty => _free.Count == 0;

    /// <summary>How many bytes are not given out.</summary>
    public long Left => _free.Sum(range => range.Length);

    /// <summary>Gives out the first bytes.</summary>
    /// <param name="sizes">How many at most (<see cref="SegmentSizes.Run"/>), and where they end. A rest of less than half of that is given out
    /// with them.</param>
    /// <returns>Null when there are none left.</returns>
    public ImageRange? Take(SegmentSizes sizes)
    {
        if (_free.First is not { Value: var first } node) return null;
        _free.RemoveFirst();
        if (first.Length - sizes.Run < sizes.Run / 2) return first;
        var taken = first with { End = sizes.Cut(first.Start, first.Start + sizes.Run) };
        _free.AddFirst(first with { Start = taken.End });
        return taken;
    }

    /// <summary>Takes back bytes that were given out and have not come.</summary>
    public void Return(ImageRange range)
    {
        if (range.Length == 0) return;
        var next = _free.First;
        while (next is not null && next.Value.Start < range.Start) next = next.Next;
        var last = next is null ? _free.Last : next.Previous;
        if (next?.Value.Start == range.End)
        {
            range = range with { End = next.Value.End };
            _free.Remove(next);
        }

        if (last?.Value.End == range.Start) last.Value = last.Value with { End = range.End };
        else if (last is null) _free.AddFirst(range);
        else _free.AddAfter(last, range);
    }
}
