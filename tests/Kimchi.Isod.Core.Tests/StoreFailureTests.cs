using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Core.Tests;

/// <summary>A store that cannot be written for a while, at each of the moments at which a run needs it.</summary>
public sealed class StoreFailureTests
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private static readonly DownloadOptions NoDelays = new()
    {
        WindowSize = 100_000,
        PacketSize = 7_000,
        MinFree = 0,
        Retries = 3,
        RetryMaxDelay = TimeSpan.Zero,
    };

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
            world.Store.Refuses = record => record is { Attempts: 2, State: DownloadState.Running, ImagePosition: < 500_000 };
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
    public async Task Download_whose_pause_could_not_be_stored_goes_on()
    {
        var time = new FakeTimeProvider();
        var world = new World(500_000, time: time);
        var gate = await world.StartHeldAsync(300_000);
        world.Store.Refuses = _ => true;
        Assert.That(() => world.PauseAsync(), World.ThrowsStoreFailed);

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
        world.Store.Refuses = record => record is { ImagePosition: 500_000, State: not DownloadState.Running };
        await world.StartAsync();
        Assert.That(async () => (await world.StatusAsync()).State, Is.EqualTo(DownloadState.Queued).After(10_000, 5));

        world.Store.Refuses = null;
        await WaitForAsync(world, time, DownloadState.Completed);

        Assert.That(world.Source.OpenedAt, Has.Count.EqualTo(1), "nothing is fetched again");
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Refused_image_whose_end_cannot_be_stored_is_never_published()
    {
        var world = new World(500_000);
        world.Store.Refuses = record => record is not { State: DownloadState.Running } && world.Store.FindNewest(new VolumeId("ISO", "a.iso")) is { ImagePosition: 500_000 };
        await world.StartAsync(checksum: "md5:" + new string('0', 32));
        Assert.That(() => world.StatusAsync(), Throws.TypeOf<DownloadException>().With.Property("Failure").Not.Null.After(10_000, 5));
        Assert.That(VolumeStart.IsToken(world.Pools["a.iso"].Bytes.AsSpan(0, HeldHead.Size)));

        world.Store.Refuses = null;
        await world.RetryAsync();
        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
        Assert.That(world.Pools.Has("a.iso"), Is.False);
    }

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
