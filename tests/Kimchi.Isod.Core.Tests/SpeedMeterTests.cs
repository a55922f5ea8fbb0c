using Kimchi.Isod.Core.Transfer;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class SpeedMeterTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Speed_is_that_of_the_last_seconds()
    {
        var meter = Started();
        Receive(meter, seconds: 10, bytesPerSecond: 1_000_000);
        Assert.That(meter.BytesPerSecond, Is.EqualTo(1_000_000).Within(2).Percent);

        Receive(meter, seconds: 6, bytesPerSecond: 100_000);

        Assert.That(meter.BytesPerSecond, Is.EqualTo(100_000).Within(2).Percent);
    }

    [Test]
    public void Speed_is_known_after_a_moment()
    {
        var meter = Started();
        Receive(meter, seconds: 0.5, bytesPerSecond: 1_000_000);

        Assert.That(meter.BytesPerSecond, Is.EqualTo(1_000_000).Within(2).Percent);
    }

    [Test]
    public void Speed_falls_to_zero_when_nothing_comes_any_more()
    {
        var meter = Started();
        Receive(meter, seconds: 10, bytesPerSecond: 1_000_000);

        _time.Advance(TimeSpan.FromSeconds(2.5));
        Assert.That(meter.BytesPerSecond, Is.EqualTo(500_000).Within(10).Percent);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(meter.BytesPerSecond, Is.Zero);
    }

    [Test]
    public void What_does_not_run_has_no_speed_and_what_runs_again_none_of_before()
    {
        var meter = new SpeedMeter(_time);
        Assert.That(meter.BytesPerSecond, Is.Zero);
        meter.Start();
        Receive(meter, seconds: 10, bytesPerSecond: 1_000_000);

        meter.Stop();
        Assert.That(meter.BytesPerSecond, Is.Zero);
        meter.Start();
        Receive(meter, seconds: 1, bytesPerSecond: 1000);

        Assert.That(meter.BytesPerSecond, Is.EqualTo(1000).Within(2).Percent);
    }

    private SpeedMeter Started()
    {
        var meter = new SpeedMeter(_time);
        meter.Start();
        return meter;
    }

    private void Receive(SpeedMeter meter, double seconds, int bytesPerSecond)
    {
        for (var i = 0; i < seconds * 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            meter.Count(bytesPerSecond / 100);
        }
    }
}
