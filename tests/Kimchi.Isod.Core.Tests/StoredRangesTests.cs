using CsCheck;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Ranges against a plain array that has a flag for each byte.</summary>
public sealed class StoredRangesTests
{
    private const int Size = 24;

    private static readonly Gen<(bool IsAdded, int Start, int End)> Steps =
        from isAdded in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        from start in Gen.Int[0, Size - 1]
        from end in Gen.Int[start + 1, Size]
        select (isAdded, start, end);

    [Test]
    public void Any_order_of_additions_and_removals_has_the_bytes_that_an_array_has() => Steps.Array[0, 20].Sample(steps =>
    {
        var flags = new bool[Size];
        var ranges = StoredRanges.None;
        foreach (var (isAdded, start, end) in steps)
        {
            flags.AsSpan(start, end - start).Fill(isAdded);
            ranges = isAdded ? ranges.With(new ImageRange(start, end)) : ranges.Without(new ImageRange(start, end));
        }

        var missing = Enumerable.Range(0, Size).Where(i => !flags[i]).ToList();
        return ranges.Total == Size - missing.Count
            && ranges.ContiguousEnd == (missing.Count == 0 ? Size : missing[0])
            && ranges.Gaps(Size).SelectMany(gap => Enumerable.Range((int)gap.Start, (int)(gap.End!.Value - gap.Start))).SequenceEqual(missing)
            && ranges.Gaps(Size).All(gap => gap.IsInside == flags.AsSpan((int)gap.End!.Value).Contains(true))
            && ranges.All.Zip(ranges.All.Skip(1)).All(pair => pair.First.End < pair.Second.Start);
    });

    [Test]
    public void Last_gap_has_no_end_while_the_size_is_not_known()
    {
        var ranges = StoredRanges.UpTo(5).With(new ImageRange(8, 9));

        Assert.That(ranges.Gaps(null), Is.EqualTo(new[] { new MissingRange(5, 8, true), new MissingRange(9, null, false) }));
        Assert.That(StoredRanges.None.Gaps(0), Is.Empty);
        Assert.That(StoredRanges.None.Gaps(null), Is.EqualTo(new[] { new MissingRange(0, null, false) }));
    }

    [Test]
    public void Head_and_windows_make_ranges_and_equal_ones_are_equal()
    {
        var ranges = StoredRanges.Of(4, [new Window(4, 2, 1), new Window(8, 2, 1)]);

        Assert.That(ranges, Is.EqualTo(StoredRanges.UpTo(6).With(new ImageRange(8, 10))));
        Assert.That(ranges, Is.Not.EqualTo(StoredRanges.UpTo(6)));
        Assert.That(ranges.ToString(), Is.EqualTo("0-5, 8-9"));
    }
}
