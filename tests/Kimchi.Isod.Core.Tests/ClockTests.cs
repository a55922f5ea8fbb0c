using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Somebody sets the clock while downloads run.</summary>
public sealed class ClockTests
{
    [TestCase(-1)]
    [TestCase(1)]
    [TestCase(-10_000)]
    public async Task Clock_that_is_set_in_a_download_changes_no_duration(int days)
    {
        var clock = new SetClock();
        var world = new World(500_000, time: clock);
        var gate = await world.StartHeldAsync(300_000);

        clock.Offset = TimeSpan.FromDays(days);
        gate.Open();

        await AssertTookSecondsAsync(world);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public async Task Clock_that_is_set_while_a_download_is_paused_changes_no_duration(int days)
    {
        var clock = new SetClock();
        var world = new World(500_000, time: clock);
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();

        clock.Offset = TimeSpan.FromDays(days);
        gate.Open();
        await world.ResumeAsync();

        await AssertTookSecondsAsync(world);
    }

    [Test]
    public async Task Clock_that_is_set_back_between_two_runs_of_the_daemon_leaves_no_negative_duration()
    {
        var clock = new SetClock();
        var before = new World(500_000, time: clock);
        var gate = await before.StartHeldAsync(300_000);
        await before.PauseAsync();
        gate.Open();

        clock.Offset = TimeSpan.FromDays(-1);
        var world = new World(500_000, before.Options, before.Store, before.Pools, clock);
        await world.Recovery.StartingAsync(CancellationToken.None);
        await world.ResumeAsync();

        await AssertTookSecondsAsync(world);
    }

    [Test]
    public async Task Time_before_a_restart_of_the_daemon_counts()
    {
        var clock = new SetClock();
        var before = new World(500_000, time: clock);
        var gate = await before.StartHeldAsync(300_000);
        await before.PauseAsync();
        gate.Open();

        clock.Offset = TimeSpan.FromHours(1);
        var world = new World(500_000, before.Options, before.Store, before.Pools, clock);
        await world.Recovery.StartingAsync(CancellationToken.None);
        await world.ResumeAsync();
        await WaitForOneAsync(world);

        Assert.That(world.Services.Statistics.DurationSum, Is.InRange(3600, 3700));
    }

    private static async Task AssertTookSecondsAsync(World world)
    {
        await WaitForOneAsync(world);
        Assert.That(world.Services.Statistics.DurationSum, Is.InRange(0, 60));
        Assert.That(world.Services.Statistics.Durations.Take(3).Sum(), Is.EqualTo(1));
    }

    private static async Task WaitForOneAsync(World world)
    {
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(() => world.Services.Statistics.Durations.Sum(), Is.EqualTo(1).After(5000, 2));
    }
}
