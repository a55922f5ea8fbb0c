using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

public sealed class RaceTests
{
    [Test]
    public async Task Twenty_starts_for_one_name_give_exactly_one_download()
    {
        var world = new World(200_000);
        world.Pools.BeforeCreate = () => Task.Delay(5);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryStartAsync(world, "a.iso")));

        Assert.That(results.Count(r => r is null), Is.EqualTo(1));
        Assert.That(results.OfType<DownloadException>().Select(e => e.Kind), Is.All.EqualTo(DownloadErrorKind.NameInUse));
        await world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Starts_without_a_name_all_get_one_of_their_own()
    {
        var world = new World(10_000);
        world.Source.BeforeRead = (_, token) => Task.Delay(Timeout.Infinite, token);

        var records = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.StartAsync(name: null)));

        Assert.That(records.Select(r => r.Volume.Name), Is.Unique);
        Assert.That(records.Select(r => r.Volume.Name), Has.Member("image.iso").And.Member("image-19.iso"));
    }

    [TestCase(VolumeAllocation.Full)]
    [TestCase(VolumeAllocation.Sparse)]
    public async Task Starts_for_the_last_free_bytes_never_get_more_than_there_is(VolumeAllocation allocation)
    {
        var world = new World(100_000);
        world.Pools.Allocation = allocation;
        world.Pools.Capacity = 350_000;
        world.Pools.BeforeCreate = () => Task.Delay(2);
        world.Source.BeforeRead = (_, token) => Task.Delay(Timeout.Infinite, token);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => TryStartAsync(world, $"{n}.iso")));

        Assert.That(results.Count(r => r is null), Is.EqualTo(3));
        Assert.That(results.OfType<DownloadException>().Select(e => e.Kind), Is.All.EqualTo(DownloadErrorKind.NoSpace));
    }

    [Test]
    public async Task Cancel_beats_a_pause_that_is_under_way()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);

        var pause = TryAsync(() => world.PauseAsync());
        await world.CancelAsync();

        await pause;
        Assert.That((await world.WaitForAsync(DownloadState.Canceled)).Credentials, Is.Null);
        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Cancels_at_the_same_time_share_one_cancellation()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => TryAsync(() => world.CancelAsync())));

        Assert.That(results, Has.Some.Null);
        // Each by the moment at which it came.
        Assert.That(
            results.Where(r => r is not null),
            Is.All.Property("Kind").AnyOf(DownloadErrorKind.DownloadNotFound, DownloadErrorKind.NotOngoing));
        Assert.That(world.Pools.Has("a.iso"), Is.False);
    }

    [Test]
    public async Task Cancels_at_the_same_time_count_once()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);
        var deletion = new TaskCompletionSource();
        world.Pools.BeforeDelete = () => deletion.Task;

        var cancels = Enumerable.Range(0, 10).Select(_ => world.CancelAsync()).ToList();
        deletion.SetResult();
        await Task.WhenAll(cancels);

        Assert.That(world.Services.Statistics.Canceled, Is.EqualTo(1));
        await world.StartHeldAsync(300_000);
        await world.CancelAsync();
        Assert.That(world.Services.Statistics.Canceled, Is.EqualTo(2));
    }

    [Test]
    public async Task Cancel_that_cannot_delete_the_volume_fails_and_can_be_repeated()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);
        world.Pools.BeforeDelete = () => throw new DownloadException(DownloadErrorKind.LibvirtUnreachable, "down");

        Assert.That(() => world.CancelAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.LibvirtUnreachable));
        Assert.That(world.Pools.Has("a.iso"), Is.True);
        world.Pools.BeforeDelete = () => Task.CompletedTask;
        await world.CancelAsync();

        Assert.That(world.Pools.Has("a.iso"), Is.False);
    }

    // Whatever the order, the world ends in a state that makes sense and with the right bytes.
    [Test]
    public async Task Commands_from_several_clients_at_random_never_break_a_download([Range(1, 6)] int seed)
    {
        var world = new World(1_000_000);
        world.Source.BeforeRead = (_, token) => Task.Delay(1, token);
        await world.StartAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
        {
            var random = new Random((seed * 10) + client);
            for (var i = 0; i < 20; i++)
            {
                await Task.Delay(random.Next(4));
                await TryAsync(() => random.Next(2) == 0 ? world.PauseAsync() : world.ResumeAsync());
            }
        })));
        await TryAsync(() => world.ResumeAsync());
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
        Assert.That(() => world.Source.OpenFiles, Is.Zero.After(5000, 2));
    }

    [Test]
    public async Task Client_that_goes_away_during_a_start_leaves_nothing()
    {
        var world = new World(100_000);
        using var client = new CancellationTokenSource();
        world.Pools.BeforeCreate = () =>
        {
            client.Cancel();
            throw new OperationCanceledException(client.Token);
        };

        Assert.That(
            () => world.Commands.StartAsync(new StartRequest("ISO", World.Url, "a.iso", null), client.Token),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(world.Source.OpenFiles, Is.Zero);
        Assert.That(world.Registry.OutstandingBytes("ISO"), Is.Zero);
        world.Pools.BeforeCreate = () => Task.CompletedTask;
        await world.StartAsync();
    }

    private static async Task<DownloadException?> TryStartAsync(World world, string name) => await TryAsync(() => world.StartAsync(name));

    private static async Task<DownloadException?> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (DownloadException e)
        {
            return e;
        }
    }
}
