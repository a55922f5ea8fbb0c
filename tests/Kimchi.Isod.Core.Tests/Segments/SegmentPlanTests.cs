using CsCheck;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Segments;

public sealed class SegmentPlanTests
{
    // Lengths of ranges and of the gaps between them; then how much is taken at a time, and how much of it comes.
    private static readonly Gen<(int[] Lengths, (int Most, int Come)[] Steps)> Cases =
        Gen.Select(Gen.Int[1, 60].Array[1, 8], Gen.Select(Gen.Int[1, 50], Gen.Int[0, 50]).Array[1, 40]);

    [Test]
    public void Every_byte_is_given_out_once_and_again_only_when_it_was_given_back() => Cases.Holds(c =>
    {
        var missing = Ranges(c.Lengths);
        var plan = new SegmentPlan(missing);
        var come = new HashSet<long>();
        for (var step = 0; !plan.IsEmpty; step++)
        {
            var (most, part) = c.Steps[step % c.Steps.Length];
            var taken = plan.Take(new SegmentSizes(1, most))!;
            if (taken.Length > most * 3L / 2) return false;
            var end = step > 200 ? taken.End : Math.Min(taken.End, taken.Start + part);
            for (var at = taken.Start; at < end; at++)
            {
                if (!come.Add(at)) return false;
            }

            if (end < taken.End) plan.Return(taken with { Start = end });
            if (plan.Left != missing.Sum(range => range.Length) - come.Count) return false;
        }

        return plan.Take(new SegmentSizes(1, 1)) is null && come.SetEquals(missing.SelectMany(range => Enumerable.Range((int)range.Start, (int)range.Length).Select(at => (long)at)));
    });

    [Test]
    public void What_comes_first_is_given_out_first_though_it_was_given_back_last()
    {
        var plan = new SegmentPlan([new ImageRange(0, 1000)]);
        var (first, second) = (plan.Take(new SegmentSizes(100, 100))!, plan.Take(new SegmentSizes(100, 100))!);

        plan.Return(second);
        plan.Return(first with { Start = 40 });

        Assert.That(plan.Take(new SegmentSizes(100, 100)), Is.EqualTo(new ImageRange(40, 140)));
        Assert.That(plan.Left, Is.EqualTo(860));
    }

    private static List<ImageRange> Ranges(int[] lengths)
    {
        List<ImageRange> ranges = [];
        var at = 0L;
        foreach (var length in lengths)
        {
            ranges.Add(new ImageRange(at, at + length));
            at += length + 1 + (length % 3);
        }

        return ranges;
    }
}
