using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

/// <summary>What is seen of downloads, and what is forgotten.</summary>
public sealed class CatalogTests
{
    [Test]
    public async Task List_has_live_and_ended_ones_newest_first()
    {
        var world = new World(300_000);
        await world.StartAsync("first.iso");
        await world.WaitForAsync(DownloadState.Completed, "first.iso");
        await world.StartHeldAsync(150_000, "second.iso");
        await world.CancelAsync("second.iso");
        await world.StartHeldAsync(150_000, "third.iso");

        var list = await world.Catalog.ListAsync("ISO", CancellationToken.None);

        Assert.That(
            list.Select(s => (s.Record.Volume.Name, s.Record.State)),
            Is.EqualTo(new[]
            {
                ("third.iso", DownloadState.Running), ("second.iso", DownloadState.Canceled), ("first.iso", DownloadState.Completed),
            }));
        Assert.That(world.Catalog.ListLive().Select(s => s.Record.Volume.Name), Does.Contain("third.iso").And.Not.Contain("second.iso"));
    }

    [Test]
    public async Task Newest_of_a_name_is_found_and_one_of_another_pool_is_not()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(150_000);
        await world.CancelAsync();
        await world.StartHeldAsync(150_000);

        Assert.That((await world.Catalog.GetAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None)).Record.State, Is.EqualTo(DownloadState.Running));
        AssertFails(() => world.Catalog.GetAsync(new VolumeId("ISO", "b.iso"), CancellationToken.None), DownloadErrorKind.DownloadNotFound);
        AssertFails(() => world.Catalog.GetAsync(new VolumeId("other", "a.iso"), CancellationToken.None), DownloadErrorKind.PoolNotFound);
        AssertFails(() => world.Catalog.ListAsync("other", CancellationToken.None), DownloadErrorKind.PoolNotFound);
    }

    [Test]
    public async Task Ended_and_failed_ones_are_forgotten_and_volumes_stay()
    {
        var world = new World(300_000);
        world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Failed);
        Assert.That(() => world.Registry.Find(new VolumeId("ISO", "a.iso"))!.Record.State, Is.EqualTo(DownloadState.Failed).After(5000, 2));

        await ForgetAsync(world);

        Assert.That(await world.Catalog.ListAsync("ISO", CancellationToken.None), Is.Empty);
        Assert.That(world.Registry.Find(new VolumeId("ISO", "a.iso")), Is.Null);
        Assert.That(world.Pools.Has("a.iso"));
        AssertFails(() => ForgetAsync(world), DownloadErrorKind.DownloadNotFound);
        AssertFails(() => world.RetryAsync(), DownloadErrorKind.DownloadNotFound);
    }

    [Test]
    public async Task All_that_ended_under_a_name_is_forgotten_at_once()
    {
        var world = new World(300_000);
        for (var i = 0; i < 3; i++)
        {
            await world.StartHeldAsync(150_000);
            await world.CancelAsync();
        }

        await ForgetAsync(world);

        Assert.That(await world.Catalog.ListAsync("ISO", CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task Live_one_is_not_forgotten()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(150_000);
        AssertFails(() => ForgetAsync(world), DownloadErrorKind.NotOver);

        await world.PauseAsync();
        AssertFails(() => ForgetAsync(world), DownloadErrorKind.NotOver);
    }

    [Test]
    public async Task Failed_one_that_cannot_be_forgotten_stays_as_it_is()
    {
        var world = new World(300_000);
        world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Failed);
        world.Store.NextFailure = new IOException("disk full");

        Assert.That(() => ForgetAsync(world), Throws.InstanceOf<IOException>());

        await world.CancelAsync();
    }

    [Test]
    public async Task Start_that_is_paused_waits_without_a_connection_until_it_is_resumed()
    {
        var world = new World(300_000);
        await world.Commands.StartAsync(new StartRequest("ISO", World.Url, "a.iso", null, StartPaused: true), CancellationToken.None);
        Assert.That((await world.StatusAsync()).State, Is.EqualTo(DownloadState.Paused));
        Assert.That(world.Source.OpenFiles, Is.Zero);
        Assert.That(world.Pools.Has("a.iso"), "its space is taken");

        await world.ResumeAsync();

        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Probe_finds_what_a_start_would_and_leaves_nothing()
    {
        var world = new World(300_000);
        world.Pools.AddForeign("image.iso", 5);
        await world.StartHeldAsync(0, "image-1.iso");
        var probe = new DownloadProbe(world.Registry, world.Services);
        var open = world.Source.OpenFiles;

        var found = await probe.RunAsync(new StartRequest("ISO", World.Url, null, null), CancellationToken.None);

        Assert.That((found.Name, found.Info.SourceSize, found.Fits), Is.EqualTo(("image-2.iso", 300_000L, (bool?)true)));
        Assert.That(world.Source.OpenFiles, Is.EqualTo(open));
        world.Pools.Capacity = 400_000;
        Assert.That((await probe.RunAsync(new StartRequest("ISO", World.Url, null, null), CancellationToken.None)).Fits, Is.False);
        AssertFails(() => probe.RunAsync(new StartRequest("other", World.Url, null, null), CancellationToken.None), DownloadErrorKind.PoolNotFound);
    }

    private static Task ForgetAsync(World world) => world.Catalog.ForgetAsync(new VolumeId("ISO", "a.iso"), CancellationToken.None);

    private static void AssertFails(Func<Task> call, DownloadErrorKind kind) =>
        Assert.That(call, Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(kind));
}
