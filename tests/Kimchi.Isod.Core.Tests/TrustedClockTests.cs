using Kimchi.Isod.Core.History;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Which readings of the machine's clock are believed.</summary>
public sealed class TrustedClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void First_reading_of_all_is_believed() =>
        Assert.That(TrustedClock.After(null, At(5, Start)).Believed.Time, Is.EqualTo(Start));

    // What passed by the machine's uptime, and by the clock that is set.
    [TestCase(24, 24, true)]
    [TestCase(24, 24.9, true)]
    [TestCase(24, 25.1, false)]
    [TestCase(24, 24 + (60 * 24), false)]
    [TestCase(24, -1000, true)]
    [TestCase(0, 0, true)]
    public void Reading_of_the_same_boot_is_believed_unless_it_is_ahead(double uptime, double time, bool isBelieved)
    {
        var clock = TrustedClock.After(TrustedClock.After(null, At(5, Start)), At(5 + uptime, Start.AddHours(time)));

        Assert.That(clock.Doubted is null, Is.EqualTo(isBelieved));
        Assert.That(clock.Believed.Time, Is.EqualTo(Start.AddHours(isBelieved ? time : uptime)));
    }

    // The uptime of the next boot, and what the clock says has passed.
    [TestCase(1, 2, true)]
    [TestCase(1, 24, true)]
    [TestCase(1, 26, false)]
    [TestCase(30, 53, true)]
    [TestCase(1, 24 * 400, false)]
    public void Reading_of_the_next_boot_is_believed_where_the_machine_may_have_been_off_for_so_long(double uptime, double time, bool isBelieved)
    {
        var clock = TrustedClock.After(TrustedClock.After(null, At(500, Start)), At(uptime, Start.AddHours(time), "next"));

        Assert.That(clock.Doubted is null, Is.EqualTo(isBelieved));
        Assert.That(clock.Believed.Time, Is.EqualTo(Start.AddHours(isBelieved ? time : uptime)));
    }

    [Test]
    public void Clock_that_stays_ahead_is_believed_after_its_probation_and_not_before()
    {
        var clock = TrustedClock.After(TrustedClock.After(null, At(0, Start)), At(1, Start.AddDays(60)));

        clock = TrustedClock.After(clock, At(12.9, Start.AddDays(60).AddHours(11.9)));
        Assert.That(clock.Believed.Time, Is.EqualTo(Start.AddHours(12.9)), "it goes on by the uptime");
        clock = TrustedClock.After(clock, At(13, Start.AddDays(60).AddHours(12)));

        Assert.That(clock, Is.EqualTo(new TrustedClock(At(13, Start.AddDays(60).AddHours(12)))));
    }

    [Test]
    public void Clock_that_comes_back_before_that_was_never_believed()
    {
        var clock = TrustedClock.After(TrustedClock.After(null, At(0, Start)), At(1, Start.AddDays(60)));

        clock = TrustedClock.After(clock, At(2, Start.AddHours(2)));

        Assert.That(clock, Is.EqualTo(new TrustedClock(At(2, Start.AddHours(2)))));
    }

    [Test]
    public void Clock_that_jumps_on_begins_its_probation_anew()
    {
        var clock = TrustedClock.After(TrustedClock.After(null, At(0, Start)), At(1, Start.AddDays(60)));

        clock = TrustedClock.After(clock, At(13, Start.AddDays(90)));
        Assert.That(clock.Believed.Time, Is.EqualTo(Start.AddHours(13)));
        clock = TrustedClock.After(clock, At(14, Start.AddDays(40)));
        Assert.That(clock.Believed.Time, Is.EqualTo(Start.AddHours(14)), "nor does one that is set back, and still ahead, go by what was before");
        Assert.That(clock.DoubtedSince, Is.EqualTo(Start.AddDays(40)));
    }

    // A machine that was away for the holidays and runs for some hours a day.
    [Test]
    public void Machine_that_was_off_for_weeks_and_is_switched_off_daily_is_believed_in_the_end()
    {
        var clock = TrustedClock.After(null, At(8, Start, "before"));
        for (var day = 21; day < 23; day++)
        {
            clock = TrustedClock.After(clock, At(0, Start.AddDays(day), $"{day}"));
            clock = TrustedClock.After(clock, At(8, Start.AddDays(day).AddHours(8), $"{day}"));
        }

        Assert.That(clock.Believed.Time, Is.EqualTo(Start.AddDays(22).AddHours(8)));
    }

    [Test]
    public void Container_whose_uptime_begins_anew_within_a_boot_is_no_riddle()
    {
        var clock = TrustedClock.After(TrustedClock.After(null, At(100, Start)), At(0.5, Start.AddHours(1)));

        Assert.That(clock, Is.EqualTo(new TrustedClock(At(0.5, Start.AddHours(1)))));
    }

    private static ClockReading At(double uptime, DateTimeOffset time, string boot = "boot") => new(boot, TimeSpan.FromHours(uptime), time);
}
