using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>A store that cannot be written while a user asks for something.</summary>
public sealed class StoreFailureCommandTests
{
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

        Assert.That(() => world.StartAsync(), World.ThrowsStoreFailed);

        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Source.OpenFiles, Is.Zero, "the connection is closed");
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

        Assert.That(() => world.StartAsync(), World.ThrowsStoreFailed);

        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Store.LoadLive(), Has.Count.EqualTo(isRecordLeft ? 1 : 0));
        Assert.That(
            () => world.StatusAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.DownloadNotFound));
        world.Store.Refuses = null;
        Assert.That(() => world.StartAsync(), Throws.Nothing.After(10_000, 50), "the name is free once the record could be removed");
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Store.LoadLive(), Is.Empty);
    }

    [Test]
    public async Task Volume_of_a_refused_start_that_libvirt_does_not_delete_is_deleted_by_the_next_daemon()
    {
        var before = new World(200_000);
        before.Store.Refuses = record => record is { State: DownloadState.Queued };
        before.Pools.BeforeDelete = () => throw DownloadException.Transient(DownloadErrorKind.LibvirtUnreachable, "down");
        Assert.That(() => before.StartAsync(), World.ThrowsStoreFailed);
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
    public async Task Command_that_cannot_be_stored_is_told_and_works_once_it_can([Values] Command command)
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);
        world.Store.Refuses = _ => true;
        for (var i = 0; i < 2; i++)
        {
            Assert.That(() => RunAsync(world, command), World.ThrowsStoreFailed);
            Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Queued), "it goes its way");
        }

        world.Store.Refuses = null;
        await RunAsync(world, command);

        Assert.That(world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.State, Is.EqualTo(DownloadState.Paused).Or.EqualTo(DownloadState.Canceled));
    }

    [Test]
    public async Task Cancellation_whose_end_cannot_be_stored_is_finished_by_the_next_one()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);
        world.Store.Refuses = record => record is { State: DownloadState.Canceled };
        Assert.That(() => world.CancelAsync(), World.ThrowsStoreFailed);
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
        Assert.That(() => world.ResumeAsync(), World.ThrowsStoreFailed);
        Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Paused));

        world.Store.Refuses = null;
        gate.Open();
        await world.ResumeAsync();

        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Retry_that_cannot_be_stored_leaves_the_download_failed()
    {
        var world = new World(500_000);
        world.Source.BeforeRead = (at, _) => at < 300_000
            ? Task.CompletedTask : throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Failed);
        world.Store.Refuses = _ => true;
        Assert.That(() => world.RetryAsync(), World.ThrowsStoreFailed);
        Assert.That(() => world.StatusAsync(), Throws.TypeOf<DownloadException>().With.Property("Failure").Not.Null);

        world.Store.Refuses = null;
        world.Source.BeforeRead = (_, _) => Task.CompletedTask;
        await world.RetryAsync();

        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Retry_without_the_volume_that_is_stored_by_half_begins_at_the_first_byte()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        world.Pools.Remove("a.iso");
        gate.Open();
        await world.WaitForAsync(DownloadState.Failed);
        world.Store.Refuses = record => record is { State: DownloadState.Queued };
        Assert.That(() => world.RetryAsync(), World.ThrowsStoreFailed);

        world.Store.Refuses = null;
        await world.RetryAsync();

        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    private static Task RunAsync(World world, Command command) => command switch
    {
        Command.Pause => world.PauseAsync(),
        _ => world.CancelAsync(),
    };
}
