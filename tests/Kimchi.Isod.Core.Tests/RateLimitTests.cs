using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Limits on a fake clock: smooth, shared evenly, and changed while transfers run.</summary>
public sealed class RateLimitTests
{
    private const int Rate = 1_000_000;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Without_a_limit_nobody_waits()
    {
        using var throttle = new Throttle(new FakeTimeProvider(), new RateLimit(0, TimeProvider.System));

        Assert.That(throttle.Allow(393_192), Is.EqualTo(393_192));
        Assert.That(throttle.Demand(int.MaxValue), Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(1, Rate)]
    [TestCase(1, 50)]
    [TestCase(1, 500_000_000)]
    [TestCase(4, Rate)]
    [TestCase(64, Rate)]
    public void Rate_is_reached_and_no_second_has_more_than_a_fifth_above_it(int transfers, int rate)
    {
        var wire = new SharedWire(rate);
        for (var i = 0; i < transfers; i++) wire.Add();

        wire.Run(10 * Second);

        Assert.That(wire.Sum(TimeSpan.Zero, 10 * Second), Is.InRange(rate * 9.7, rate * 10.2));
        Assert.That(wire.Peak(TimeSpan.Zero), Is.LessThanOrEqualTo(rate * 1.2));
    }

    [Test]
    public void Shares_are_even_whatever_the_transfers_have_room_for()
    {
        var wire = new SharedWire(Rate);
        for (var i = 0; i < 8; i++) wire.Add(packet: 20_000 << i);

        wire.Run(20 * Second);

        for (var i = 0; i < 8; i++)
            Assert.That(wire.Sum(TimeSpan.Zero, 20 * Second, i), Is.EqualTo(20.0 * Rate / 8).Within(2).Percent, $"transfer {i}");
    }

    [Test]
    public void What_a_slow_server_leaves_the_others_get()
    {
        var wire = new SharedWire(Rate);
        wire.Add(network: Rate / 10);
        wire.Add();
        wire.Add();

        wire.Run(20 * Second);

        Assert.That(wire.Sum(TimeSpan.Zero, 20 * Second), Is.InRange(Rate * 19.4, Rate * 20.2));
        Assert.That(wire.Sum(TimeSpan.Zero, 20 * Second, 1), Is.InRange(Rate * 8.9, Rate * 9.4));
        Assert.That(wire.Sum(TimeSpan.Zero, 20 * Second, 2), Is.InRange(Rate * 8.9, Rate * 9.4));
    }

    [Test]
    public void Own_limit_and_that_of_all_hold_together()
    {
        var wire = new SharedWire(Rate);
        wire.Add(own: Rate / 10);
        wire.Add();

        wire.Run(20 * Second);

        Assert.That(wire.Sum(TimeSpan.Zero, 20 * Second, 0), Is.InRange(Rate * 1.85, Rate * 2.05));
        Assert.That(wire.Sum(TimeSpan.Zero, 20 * Second), Is.InRange(Rate * 19.4, Rate * 20.2));
        Assert.That(wire.Peak(TimeSpan.Zero), Is.LessThanOrEqualTo(Rate * 1.2));
    }

    [TestCase(0, Rate)]
    [TestCase(Rate, Rate / 10)]
    [TestCase(Rate, Rate * 10)]
    [TestCase(500_000_000, 5_000)]
    public void Change_holds_at_once(int before, int after)
    {
        var wire = new SharedWire(0);
        var limit = wire.Add(own: before);
        wire.Run(2 * Second);

        limit.BytesPerSecond = after;
        // What was being read when it changed is not counted.
        wire.Run(Second / 5);
        var settled = wire.Now;
        wire.Run(10 * Second);

        Assert.That(wire.Sum(settled, settled + (10 * Second)), Is.InRange(after * 9.7, after * 10.2));
        Assert.That(wire.Peak(settled), Is.LessThanOrEqualTo(after * 1.2));
    }

    [Test]
    public void Limit_can_be_taken_away()
    {
        var wire = new SharedWire(10);
        wire.Add(network: Rate);
        wire.Run(2 * Second);

        wire.All.BytesPerSecond = 0;
        wire.Run(2 * Second);

        Assert.That(wire.Sum(3 * Second, 4 * Second), Is.EqualTo((double)Rate).Within(40).Percent);
    }

    [Test]
    public void Idle_time_is_not_saved_up()
    {
        var wire = new SharedWire(Rate);
        wire.Run(TimeSpan.FromHours(1));
        wire.Add();

        wire.Run(3 * Second);

        Assert.That(wire.Peak(TimeSpan.Zero), Is.LessThanOrEqualTo(Rate * 1.2));
    }

    [Test]
    public void Transfer_that_has_ended_has_no_share()
    {
        var limit = new RateLimit(Rate, TimeProvider.System);
        using var stays = new Throttle(TimeProvider.System, limit);
        using (new Throttle(TimeProvider.System, limit)) Assert.That(stays.Allow(Rate), Is.EqualTo(Rate / 20));

        Assert.That(stays.Allow(Rate), Is.EqualTo(Rate / 10));
    }

    [Test]
    public void Wait_lasts_as_long_as_the_rate_demands_and_ends_when_it_is_cancelled()
    {
        var time = new FakeTimeProvider();
        using var throttle = new Throttle(time, new RateLimit(1000, time));
        using var cancel = new CancellationTokenSource();

        var first = throttle.PayAsync(throttle.Allow(1000), CancellationToken.None).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.That(first.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(first.IsCompletedSuccessfully);

        var second = throttle.PayAsync(throttle.Allow(1000), cancel.Token).AsTask();
        cancel.Cancel();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
    }
}
