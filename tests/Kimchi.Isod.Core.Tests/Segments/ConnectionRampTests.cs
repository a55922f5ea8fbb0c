using Kimchi.Isod.Core.Segments;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests.Segments;

public sealed class ConnectionRampTests
{
    private const int Mib = 1 << 20;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();

    [TestCase(4)]
    [TestCase(16)]
    [TestCase(6)]
    public void Server_that_limits_each_connection_gets_as_many_as_there_may_be(int most)
    {
        var ramp = new ConnectionRamp(most, _time);

        Run(ramp, TimeSpan.FromSeconds(6), level => level * 5 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(most));
    }

    [Test]
    public void Line_that_one_connection_fills_gets_one_again_after_three_seconds()
    {
        var ramp = new ConnectionRamp(16, _time);
        Run(ramp, TimeSpan.FromSeconds(1.2), _ => 50 * Mib);
        Assert.That(ramp.Level, Is.EqualTo(2), "a second is tried");

        Run(ramp, TimeSpan.FromSeconds(3.1), _ => 50 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(1));
    }

    [Test]
    public void Step_that_gains_nothing_is_taken_back_and_the_one_before_is_kept()
    {
        var ramp = new ConnectionRamp(16, _time);

        Run(ramp, TimeSpan.FromSeconds(6.5), level => Math.Min(level, 2) * 10 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(2));
    }

    [Test]
    public void More_are_tried_again_later_and_ever_more_rarely()
    {
        var ramp = new ConnectionRamp(2, _time);
        List<double> tries = [];
        var last = 1;
        for (var at = 0.0; at < 120; at += Step.TotalSeconds)
        {
            Run(ramp, Step, _ => 10 * Mib);
            if (ramp.Level > last) tries.Add(at);
            last = ramp.Level;
        }

        var pauses = tries.Zip(tries.Skip(1)).Select(pair => pair.Second - pair.First).ToList();
        Assert.That(tries, Has.Count.InRange(4, 7));
        Assert.That(pauses, Is.Ordered.Ascending);
    }

    [Test]
    public void Step_that_was_compared_with_a_rate_that_did_not_last_is_tried_again_at_once()
    {
        var ramp = new ConnectionRamp(2, _time);
        Run(ramp, TimeSpan.FromSeconds(1.2), _ => 10 * Mib);
        Run(ramp, TimeSpan.FromSeconds(3.1), level => level * 3 * Mib);
        Assert.That(ramp.Level, Is.EqualTo(1), "it has gained nothing");

        Run(ramp, TimeSpan.FromSeconds(1.8), level => level * 3 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(2));
    }

    [Test]
    public void Transfer_that_is_soon_done_stays_at_one()
    {
        var ramp = new ConnectionRamp(16, _time);

        Run(ramp, TimeSpan.FromSeconds(5), _ => 10 * Mib, left: 25 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(1));
    }

    [Test]
    public void While_a_limit_binds_there_is_one()
    {
        var ramp = new ConnectionRamp(16, _time);
        Run(ramp, TimeSpan.FromSeconds(4), level => level * 5 * Mib);
        Assert.That(ramp.Level, Is.GreaterThan(1));

        Run(ramp, Step * 2, _ => 5 * Mib, isLimited: true);
        Assert.That(ramp.Level, Is.EqualTo(1));
        Run(ramp, TimeSpan.FromSeconds(5), _ => 5 * Mib, isLimited: true);

        Assert.That(ramp.Level, Is.EqualTo(1));
    }

    [Test]
    public void What_cannot_be_is_not_asked_for_again_at_once()
    {
        var ramp = new ConnectionRamp(16, _time);
        Run(ramp, TimeSpan.FromSeconds(6), level => level * 5 * Mib);

        ramp.Bound(3);
        Run(ramp, TimeSpan.FromSeconds(2), level => level * 5 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(3));
    }

    [Test]
    public void What_is_forbidden_is_never_asked_for()
    {
        var ramp = new ConnectionRamp(16, _time);

        ramp.Forbid();
        Run(ramp, TimeSpan.FromMinutes(30), level => level * 5 * Mib);

        Assert.That(ramp.Level, Is.EqualTo(1));
    }

    private void Run(ConnectionRamp ramp, TimeSpan span, Func<int, int> rate, long left = long.MaxValue / 2, bool isLimited = false)
    {
        for (var past = TimeSpan.Zero; past < span; past += Step)
        {
            _time.Advance(Step);
            ramp.Count((int)(rate(ramp.Level) * Step.TotalSeconds));
            ramp.Note(left, isLimited);
        }
    }
}
