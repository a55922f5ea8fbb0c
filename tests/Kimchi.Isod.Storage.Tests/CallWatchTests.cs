using Kimchi.Isod.Storage.Libvirt.Calls;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Storage.Tests;

/// <summary>The bound of calls, with a clock of the test's own.</summary>
public sealed class CallWatchTests
{
    private static readonly TimeSpan Ask = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(40);

    private readonly FakeTimeProvider _time = new();
    private int _givenUp;

    [SetUp]
    public void Reset() => _givenUp = 0;

    [Test]
    public void Call_that_takes_longer_is_given_up_once_and_told()
    {
        using var watch = Watch();
        using var call = watch.Begin(Ask);

        Advance(1.9);
        Assert.That((_givenUp, watch.Exceeded), Is.EqualTo((0, (TimeSpan?)null)));
        Advance(0.2);
        Assert.That((_givenUp, watch.Exceeded), Is.EqualTo((1, (TimeSpan?)Ask)));
        Advance(100);

        Assert.That(_givenUp, Is.EqualTo(1));
    }

    [Test]
    public void Calls_that_are_quick_may_be_many_and_take_as_long_as_they_like_in_all()
    {
        using var watch = Watch();

        for (var i = 0; i < 1000; i++)
        {
            using var call = watch.Begin(Ask);
            Advance(1.5);
        }

        Assert.That(_givenUp, Is.Zero);
    }

    [Test]
    public void Time_between_calls_counts_for_none()
    {
        using var watch = Watch();
        watch.Begin(Ask).Dispose();
        Advance(1000);

        using var call = watch.Begin(Ask);
        Advance(1.9);

        Assert.That(_givenUp, Is.Zero);
    }

    [Test]
    public void Call_inside_of_another_has_its_own_bound_and_that_of_the_other_begins_anew()
    {
        using var watch = Watch();
        using var ask = watch.Begin(Ask);
        using (watch.Begin(Work))
        {
            Advance(39);
            Assert.That(watch.Bound, Is.EqualTo(Work));
        }

        Advance(1.9);
        Assert.That((_givenUp, watch.Bound), Is.EqualTo((0, Ask)));
        Advance(0.2);

        Assert.That((_givenUp, watch.Exceeded, watch.Bound), Is.EqualTo((1, (TimeSpan?)Ask, TimeSpan.Zero)));
    }

    [Test]
    public void Short_bound_after_a_long_one_is_kept()
    {
        using var watch = Watch();
        watch.Begin(Work).Dispose(); // Its timer stays set.

        using var call = watch.Begin(Ask);
        Advance(2.1);

        Assert.That(watch.Exceeded, Is.EqualTo(Ask));
    }

    private CallWatch Watch() => new(() => _givenUp++, _time);

    private void Advance(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
