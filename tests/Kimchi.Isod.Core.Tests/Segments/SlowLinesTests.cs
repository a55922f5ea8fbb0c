using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Segments;

/// <summary>Which connections are replaced by new ones, and how often.</summary>
public sealed class SlowLinesTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Line_with_less_than_half_of_the_average_is_replaced()
    {
        var (lines, slow) = Begin(1000, 1000, 1000, 100);

        Assert.That(AfterSeconds(3, lines, slow), Is.SameAs(lines[3].Line));
    }

    [Test]
    public void Lines_that_are_alike_stay()
    {
        var (lines, slow) = Begin(1000, 900, 700, 600);

        Assert.That(AfterSeconds(30, lines, slow), Is.Null);
    }

    [Test]
    public void Line_of_another_server_is_not_slow_unless_others_wait_for_it()
    {
        var (lines, slow) = Begin(1000, 1000, 1000, 100);
        lines[3] = Line("other", 100);

        Assert.That(AfterSeconds(5, lines, slow), Is.Null);
        Assert.That(slow.Find([.. lines.Select(line => line.Line)], isAwaited: true), Is.SameAs(lines[3].Line));
    }

    [Test]
    public void Young_line_is_given_time()
    {
        var (lines, slow) = Begin(1000, 1000, 1000, 100);

        Assert.That(AfterSeconds(2, lines, slow), Is.Null);
    }

    [Test]
    public void Line_without_a_byte_is_given_as_long_as_a_server_may_take_to_begin()
    {
        var (lines, slow) = Begin(1000, 1000, 0);

        Assert.That(AfterSeconds(15, lines, slow), Is.Null);
        Assert.That(AfterSeconds(1, lines, slow), Is.SameAs(lines[2].Line));
    }

    [Test]
    public void Line_that_others_wait_for_and_that_brings_nothing_is_replaced_though_they_bring_nothing_either()
    {
        var (lines, slow) = Begin(1000, 1000);
        AfterSeconds(3, lines, slow);
        lines[0].Line.End();
        lines[1] = lines[1] with { Rate = 0 };
        for (var i = 0; i < 50; i++)
        {
            _ = lines.Sum(line => line.Line.Rate);
            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.That(slow.Find([.. lines.Select(line => line.Line)], isAwaited: true), Is.SameAs(lines[1].Line));
    }

    [Test]
    public void Replacements_that_do_not_help_become_rare()
    {
        var (lines, slow) = Begin(1000, 100, 100, 100);

        var count = Enumerable.Range(0, 600).Count(_ => Replace(lines, slow, factor: 1));

        Assert.That(count, Is.InRange(10, 17));
    }

    [Test]
    public void Replacements_that_help_go_on()
    {
        var (lines, slow) = Begin(1000, 1000, 1000, 100);

        // A new connection is fast for three seconds.
        var count = 0;
        for (var second = 0; second < 60; second++)
        {
            if (second % 4 == 3) lines[3] = lines[3] with { Rate = 100 };
            if (Replace(lines, slow, factor: 10)) count++;
        }

        Assert.That(count, Is.InRange(8, 20));
    }

    // After a second; what is replaced is from then on so many times as fast.
    private bool Replace(List<TestLine> lines, SlowLines slow, int factor)
    {
        if (AfterSeconds(1, lines, slow) is not { } found) return false;
        var index = lines.FindIndex(line => line.Line == found);
        found.End();
        found.Begin(new SegmentRun(new ImageRange(0, long.MaxValue), new CancellationTokenSource()));
        lines[index] = lines[index] with { Rate = Math.Min(1000, lines[index].Rate * factor) };
        return true;
    }

    private SegmentLine? AfterSeconds(int seconds, List<TestLine> lines, SlowLines slow)
    {
        for (var tick = 0; tick < seconds * 10; tick++)
        {
            foreach (var (line, rate) in lines)
            {
                line.Run!.Next += rate / 10;
                _ = line.Rate;
            }

            _clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        return slow.Find([.. lines.Select(line => line.Line)], isAwaited: false);
    }

    private (List<TestLine> Lines, SlowLines Slow) Begin(params int[] rates) => ([.. rates.Select(rate => Line("host", rate))], new SlowLines(_clock));

    private TestLine Line(string host, int rate)
    {
        var line = new SegmentLine(host, _clock);
        line.Begin(new SegmentRun(new ImageRange(0, long.MaxValue), new CancellationTokenSource()));
        return new TestLine(line, rate);
    }

    private sealed record TestLine(SegmentLine Line, int Rate);
}
