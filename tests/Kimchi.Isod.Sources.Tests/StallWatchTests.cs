using Kimchi.Isod.Sources.Network;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Sources.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StallWatchTests
{
    private static readonly NetworkOptions Options = new() { StallTimeout = TimeSpan.FromSeconds(10), StallRate = 1000 };

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Server_is_too_slow_also_when_no_single_read_waits_long()
    {
        using var watch = new StallWatch(Options, _time);
        for (var i = 0; i < 1000; i++) Read(watch, TimeSpan.FromMilliseconds(9), 8, isArmed: false);
        Assert.That(watch.IsTooSlow, Is.False, "not for long enough");

        for (var i = 0; i < 120; i++) Read(watch, TimeSpan.FromMilliseconds(9), 8, isArmed: false);

        Assert.That(watch.IsTooSlow);
    }

    [Test]
    public void Time_in_which_nobody_reads_does_not_count()
    {
        using var watch = new StallWatch(Options, _time);
        for (var i = 0; i < 100; i++)
        {
            Read(watch, TimeSpan.FromMilliseconds(1), 8, isArmed: false);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(watch.IsTooSlow, Is.False);
    }

    [Test]
    public void Read_that_waits_too_long_is_cancelled_and_one_that_has_ended_is_not()
    {
        using var watch = new StallWatch(Options, _time);
        var token = watch.TokenFor(CancellationToken.None);
        Read(watch, TimeSpan.FromSeconds(9), 100_000, isArmed: true);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(token.IsCancellationRequested, Is.False);

        watch.BeginRead();
        watch.Arm();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(token.IsCancellationRequested);
    }

    private void Read(StallWatch watch, TimeSpan duration, int bytes, bool isArmed)
    {
        watch.BeginRead();
        if (isArmed) watch.Arm();
        _time.Advance(duration);
        watch.EndRead();
        watch.Count(bytes);
    }
}
