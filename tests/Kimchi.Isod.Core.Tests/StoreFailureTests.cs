using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework.Constraints;

namespace Kimchi.Isod.Core.Tests;

/// <summary>A store that cannot be written for a while, at each of the moments at which a download needs it.</summary>
public sealed class StoreFailureTests
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private static readonly DownloadOptions NoDelays = new()
    {
        WindowSize = 100_000, PacketSize = 7_000, MinFree = 0, Retries = 3, RetryMaxDelay = TimeSpan.Zero,
    };

    private static IResolveConstraint ThrowsStoreFailed =>
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.StoreFailed);

    public enum Command
    {
        Pause,
        Cancel,
    }

    [Test]
    public async Task Start_that_cannot_be_put_on_disk_is_told_and_leaves_nothing()
    {
        var world = new World(200_000);
        world.Store.Refuses = _ => true;

        Assert.That(() => world.StartAsync(), ThrowsStoreFailed);

        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Source.OpenCount, Is.Zero, "the connection is closed");
        world.Store.Refuses = null;
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Start_that_cannot_be_stored_as_accepted_gives_its_volume_and_its_name_back([Values] bool isRecordLeft)
    {
        var world = new World(200_000);
        var isFull = false;
        world.Store.Refuses = record => isFull = isFull && isRecordLeft || record is { State: DownloadState.Queued };

        Assert.That(() => world.StartAsync(), ThrowsStoreFailed);

        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Store.LoadLive(), Has.Count.EqualTo(isRecordLeft ? 1 : 0));
        Assert.That(
            () => world.StatusAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.DownloadNotFound));
        world.Store.Refuses = null;
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Store.LoadLive(), Is.Empty);
    }

    [Test]
    public async Task Volume_of_a_refused_start_that_libvirt_does_not_delete_is_deleted_by_the_next_daemon()
    {
        var before = new World(200_000);
        before.Store.Refuses = record => record is { State: DownloadState.Queued };
        before.Pools.BeforeDelete = () => throw DownloadException.Transient(DownloadErrorKind.LibvirtUnreachable, "down");
        Assert.That(() => before.StartAsync(), ThrowsStoreFailed);
        Assert.That(before.Pools.Has("a.iso"), Is.True);
        before.Pools.BeforeDelete = () => Task.CompletedTask;
        before.Store.Refuses = null;

        var after = new World(200_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);

        Assert.That(() => after.Store.LoadLive(), Is.Empty.After(10_000, 5));
        Assert.That(after.Pools.Has("a.iso"), Is.False);
    }

    [Test]
    public void Failure_of_a_start_is_told_also_when_its_record_cannot_be_dropped()
    {
        var world = new World(200_000);
        world.Pools.BeforeCreate = () =>
        {
            world.Store.Refuses = _ => true;
            throw new DownloadException(DownloadErrorKind.NoSpace, "no room");
        };

        Assert.That(() => world.StartAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NoSpace));
    }

    [Test]
    public async Task Download_that_cannot_be_begun_is_begun_by_itself_once_it_can()
    {
        var time = new FakeTimeProvider();
        var world = new World(200_000, time: time);
        world.Store.Refuses = record => record is { State: DownloadState.Running };
        await world.StartAsync();
        Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Queued));
        time.Advance(TryAgainAfter);
        Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Queued), "it still fails");

        world.Store.Refuses = null;

        await WaitForAsync(world, time, DownloadState.Completed);
    }

    [Test]
    public async Task Try_that_cannot_be_noted_is_made_all_the_same()
    {
        var world = new World(500_000, NoDelays);
        var hasFailed = false;
        world.Source.BeforeRead = (at, _) =>
        {
            if (at < 300_000 || hasFailed) return Task.CompletedTask;
            hasFailed = true;
            world.Store.Refuses = record => record is { Attempts: 2, State: DownloadState.Running, Position: < 500_000 };
            throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "reset");
        };

        await world.StartAsync();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(record.Attempts, Is.EqualTo(2), "the next change takes it along");
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Checkpoint_that_cannot_be_stored_is_fetched_again()
    {
        var world = new World(500_000, NoDelays);
        var refused = 0;
        world.Store.Refuses = record => record is null && world.Source.OpenedAt.Count == 1 && Interlocked.Increment(ref refused) > 2;

        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(2));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Store_that_fails_through_all_tries_fails_the_download_with_its_reason()
    {
        var world = new World(500_000, NoDelays);
        var gate = await world.StartHeldAsync(300_000);
        world.Store.Refuses = _ => true;

        gate.Open();

        Assert.That(
            () => world.StatusAsync(),
            Throws.TypeOf<DownloadException>().With.Property("Failure").Property("Reason").EqualTo("disk full").After(10_000, 5));
        world.Store.Refuses = null;
        await world.CancelAsync();
        Assert.That(world.Pools.Has("a.iso"), Is.False);
    }

    [Test]
    public async Task Command_that_cannot_be_stored_is_told_and_works_once_it_can([Values] Command command)
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);
        world.Store.Refuses = _ => true;
        for (var i = 0; i < 2; i++)
        {
            Assert.That(() => RunAsync(world, command), ThrowsStoreFailed);
            Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Queued), "it goes its way");
        }

        world.Store.Refuses = null;
        await RunAsync(world, command);

        Assert.That(world.Store.FindNewest("ISO", "a.iso")!.State, Is.EqualTo(DownloadState.Paused).Or.EqualTo(DownloadState.Canceled));
    }

    [Test]
    public async Task Cancellation_whose_end_cannot_be_stored_is_finished_by_the_next_one()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);
        world.Store.Refuses = record => record is { State: DownloadState.Canceled };
        Assert.That(() => world.CancelAsync(), ThrowsStoreFailed);
        Assert.That(world.Pools.Has("a.iso"), Is.False);

        world.Store.Refuses = null;
        await world.CancelAsync();

        Assert.That(world.Store.LoadLive(), Is.Empty);
        await world.StartAsync();
    }

    [Test]
    public async Task Resume_that_cannot_be_stored_leaves_the_download_paused()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        world.Store.Refuses = _ => true;
        Assert.That(() => world.ResumeAsync(), ThrowsStoreFailed);
        Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Paused));

        world.Store.Refuses = null;
        gate.Open();
        await world.ResumeAsync();

        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Retry_that_cannot_be_stored_leaves_the_download_failed([Values] bool isVolumeLost)
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        if (isVolumeLost) await world.Pools.DeleteVolumeAsync("ISO", "a.iso", CancellationToken.None);
        else world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        await FailAsync(world, gate, isVolumeLost);
        world.Store.Refuses = record => isVolumeLost ? record is { State: DownloadState.Queued } : true;
        Assert.That(() => world.RetryAsync(), ThrowsStoreFailed);
        Assert.That(() => world.StatusAsync(), Throws.TypeOf<DownloadException>().With.Property("Failure").Not.Null);

        world.Store.Refuses = null;
        await world.RetryAsync();

        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Refused_image_whose_end_cannot_be_stored_is_never_published()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000, checksum: "md5:" + new string('0', 32));
        world.Source.BeforeRead = (at, _) =>
        {
            if (at >= 450_000) world.Store.Refuses = record => record is not { State: DownloadState.Running } && world.Store.LoadLive()[0].Position == 500_000;
            return Task.CompletedTask;
        };
        gate.Open();
        Assert.That(() => world.StatusAsync(), Throws.TypeOf<DownloadException>().After(10_000, 5));

        world.Store.Refuses = null;
        await world.RetryAsync();
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
        Assert.That(world.Pools.Has("a.iso"), Is.False);
    }

    [Test]
    public async Task Download_whose_pause_could_not_be_stored_goes_on()
    {
        var time = new FakeTimeProvider();
        var world = new World(500_000, time: time);
        var gate = await world.StartHeldAsync(300_000);
        world.Store.Refuses = _ => true;
        Assert.That(() => world.PauseAsync(), ThrowsStoreFailed);

        world.Store.Refuses = null;
        gate.Open();
        await WaitForAsync(world, time, DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Published_image_whose_end_cannot_be_stored_completes_once_it_can()
    {
        var time = new FakeTimeProvider();
        var world = new World(500_000, time: time);
        world.Store.Refuses = record => record is { Position: 500_000 };
        await world.StartAsync();
        Assert.That(async () => (await world.StatusAsync()).State, Is.EqualTo(DownloadState.Queued).After(10_000, 5));

        world.Store.Refuses = null;
        await WaitForAsync(world, time, DownloadState.Completed);

        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(1), "nothing is fetched again");
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    private static Task RunAsync(World world, Command command) => command switch
    {
        Command.Pause => world.PauseAsync(),
        _ => world.CancelAsync(),
    };

    // Where the wait begins on another thread, its beginning cannot be seen from outside: time goes on until it has ended.
    private static async Task WaitForAsync(World world, FakeTimeProvider time, DownloadState state)
    {
        var arrival = world.WaitForAsync(state);
        while (!arrival.IsCompleted)
        {
            time.Advance(TryAgainAfter);
            await Task.WhenAny(arrival, Task.Delay(5));
        }

        await arrival;
    }
}
