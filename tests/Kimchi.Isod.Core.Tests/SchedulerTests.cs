using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

public sealed class SchedulerTests
{
    private static readonly DownloadOptions OneAtATime = new() { MaxActive = 1, MaxWaiting = 2, MinFree = 0, Retries = 0 };

    [Test]
    public async Task Downloads_get_their_slots_in_the_order_in_which_they_came()
    {
        var world = new World(200_000, OneAtATime);
        var gate = await world.StartHeldAsync(0, "0.iso");
        await world.StartAsync("1.iso");
        await world.StartAsync("2.iso");
        Assert.That(world.Source.OpenFiles, Is.EqualTo(1), "who waits holds no connection");

        gate.Open();
        var last = await world.WaitForAsync(DownloadState.Completed, "2.iso");

        var earlier = world.Store.FindNewest(new VolumeId("ISO", "1.iso"))!;
        Assert.That(earlier.State, Is.EqualTo(DownloadState.Completed));
        Assert.That(earlier.FinishedAt, Is.LessThanOrEqualTo(last.StartedAt!.Value));
    }

    [Test]
    public async Task Start_beyond_the_limit_is_refused_and_leaves_nothing()
    {
        var world = new World(200_000, OneAtATime);
        await world.StartHeldAsync(0, "0.iso");
        await world.StartAsync("1.iso");
        await world.StartAsync("2.iso");

        Assert.That(() => world.StartAsync("3.iso"), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.QueueFull));
        Assert.That(world.Pools.Has("3.iso"), Is.False);
        await world.CancelAsync("2.iso");
        await world.StartAsync("3.iso");
    }

    [Test]
    public async Task Resume_is_never_refused_for_want_of_a_slot()
    {
        var world = new World(200_000, OneAtATime);
        var first = await world.StartHeldAsync(100_000, "0.iso");
        await world.PauseAsync("0.iso");
        await world.StartAsync("1.iso");

        await world.ResumeAsync("0.iso");

        Assert.That((await world.StatusAsync("0.iso")).State, Is.EqualTo(DownloadState.Queued));
        first.Open();
        await world.WaitForAsync(DownloadState.Completed, "0.iso");
    }

    [Test]
    public async Task Pausing_and_resuming_takes_no_second_place_in_the_queue()
    {
        var world = new World(200_000, OneAtATime);
        var gate = await world.StartHeldAsync(0, "0.iso");
        await world.StartAsync("1.iso");
        for (var i = 0; i < 5; i++)
        {
            await world.PauseAsync("1.iso");
            await world.ResumeAsync("1.iso");
        }

        await world.StartAsync("2.iso");

        Assert.That(() => world.StartAsync("3.iso"), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.QueueFull));
        gate.Open();
        await world.WaitForAsync(DownloadState.Completed, "2.iso");
        await world.WaitForAsync(DownloadState.Completed, "1.iso");
    }

    [Test]
    public async Task Download_that_is_resumed_waits_behind_those_that_waited_meanwhile()
    {
        var world = new World(200_000, OneAtATime);
        var gate = await world.StartHeldAsync(0, "0.iso");
        await world.StartAsync("1.iso");
        await world.StartAsync("2.iso");
        await world.PauseAsync("1.iso");
        await world.ResumeAsync("1.iso");

        gate.Open();
        var last = await world.WaitForAsync(DownloadState.Completed, "1.iso");

        var other = world.Store.FindNewest(new VolumeId("ISO", "2.iso"))!;
        Assert.That(other.State, Is.EqualTo(DownloadState.Completed));
        Assert.That(other.FinishedAt, Is.LessThanOrEqualTo(last.StartedAt!.Value));
    }

    [Test]
    public async Task Store_that_cannot_be_written_costs_the_download_and_not_the_slot()
    {
        var world = new World(200_000, OneAtATime);
        var gate = await world.StartHeldAsync(100_000, "0.iso");
        await world.StartAsync("1.iso");
        world.Store.NextFailure = new IOException("disk full");

        gate.Open();
        await world.WaitForAsync(DownloadState.Completed, "1.iso");

        Assert.That((await world.WaitForAsync(DownloadState.Failed, "0.iso")).Failure!.Kind, Is.EqualTo(DownloadErrorKind.Unforeseen));
        await world.CancelAsync("0.iso");
    }

    [Test]
    public async Task End_that_cannot_be_stored_leaves_a_download_that_can_be_cancelled()
    {
        var world = new World(200_000, OneAtATime);
        var gate = await world.StartHeldAsync(100_000, "0.iso");
        world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        world.Pools.BeforeDelete = () => Task.CompletedTask;
        world.Store.NextFailure = new IOException("disk full");
        gate.Open();

        Assert.That(
            async () => (await world.StatusAsync("0.iso")).State,
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.DownloadFailed).After(5000, 5));
        await world.CancelAsync("0.iso");

        Assert.That(world.Pools.Has("0.iso"), Is.False);
    }
}
