using Kimchi.Isod.Core.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests;

public sealed class WindowPaceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();

    [TestCase(0, 0, 1_000)]
    [TestCase(1, 1, 1_000)]
    [TestCase(20, 30, 1_000)]
    [TestCase(80, 40, 2_400)]
    [TestCase(300, 200, 10_000)]
    [TestCase(1_000, 500, 30_000)]
    [TestCase(60_000, 0, 30_000)]
    public void Window_lasts_twenty_times_as_long_as_the_turn_before_it(int closing, int opening, int expected)
    {
        var pace = new WindowPace(Second, _time);
        Open(pace, 0);
        Assert.That(pace.Length, Is.EqualTo(Second), "the first one");
        _time.Advance(Second);

        Close(pace, closing);
        Open(pace, opening);

        Assert.That((pace.Length, pace.Left), Is.EqualTo((TimeSpan.FromMilliseconds(expected), TimeSpan.FromMilliseconds(expected))));
    }

    [Test]
    public void Window_that_is_usually_longer_stays_so()
    {
        var pace = new WindowPace(TimeSpan.FromMinutes(5), _time);
        Open(pace, 100);
        Close(pace, 100_000);
        Open(pace, 100);

        Assert.That(pace.Length, Is.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public void Time_left_runs_from_the_end_of_the_opening_and_stops_at_zero()
    {
        var pace = new WindowPace(Second, _time);
        Open(pace, 30);
        _time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.That(pace.Left, Is.EqualTo(TimeSpan.FromMilliseconds(700)));

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(pace.Left, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Turns_that_get_quick_again_make_windows_short_again()
    {
        var pace = new WindowPace(Second, _time);
        Open(pace, 0);
        Close(pace, 400);
        Open(pace, 0);
        Close(pace, 1);
        Open(pace, 1);

        Assert.That(pace.Length, Is.EqualTo(Second));
    }

    private void Open(WindowPace pace, int milliseconds) => pace.Open(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return true;
    });

    private void Close(WindowPace pace, int milliseconds) => pace.Close(() => _time.Advance(TimeSpan.FromMilliseconds(milliseconds)));
}
