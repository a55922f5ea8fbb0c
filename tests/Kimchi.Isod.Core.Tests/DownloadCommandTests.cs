using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests;

public enum Command
{
    Pause,
    Resume,
    Cancel,
    Retry,
    Limit,
    Status,
}

public sealed class DownloadCommandTests
{
    private const DownloadErrorKind Fine = DownloadErrorKind.Unforeseen;

    [TestCase(DownloadState.Queued, Command.Pause, Fine, DownloadState.Paused)]
    [TestCase(DownloadState.Queued, Command.Resume, DownloadErrorKind.NotPaused, DownloadState.Queued)]
    [TestCase(DownloadState.Queued, Command.Retry, DownloadErrorKind.NotFailed, DownloadState.Queued)]
    [TestCase(DownloadState.Queued, Command.Limit, Fine, DownloadState.Queued)]
    [TestCase(DownloadState.Queued, Command.Cancel, Fine, DownloadState.Canceled)]
    [TestCase(DownloadState.Queued, Command.Status, Fine, DownloadState.Queued)]
    [TestCase(DownloadState.Running, Command.Pause, Fine, DownloadState.Paused)]
    [TestCase(DownloadState.Running, Command.Resume, DownloadErrorKind.NotPaused, DownloadState.Running)]
    [TestCase(DownloadState.Running, Command.Retry, DownloadErrorKind.NotFailed, DownloadState.Running)]
    [TestCase(DownloadState.Running, Command.Limit, Fine, DownloadState.Running)]
    [TestCase(DownloadState.Running, Command.Cancel, Fine, DownloadState.Canceled)]
    [TestCase(DownloadState.Running, Command.Status, Fine, DownloadState.Running)]
    [TestCase(DownloadState.Paused, Command.Pause, DownloadErrorKind.NotOngoing, DownloadState.Paused)]
    [TestCase(DownloadState.Paused, Command.Resume, Fine, DownloadState.Completed)]
    [TestCase(DownloadState.Paused, Command.Retry, DownloadErrorKind.NotFailed, DownloadState.Paused)]
    [TestCase(DownloadState.Paused, Command.Limit, Fine, DownloadState.Paused)]
    [TestCase(DownloadState.Paused, Command.Cancel, Fine, DownloadState.Canceled)]
    [TestCase(DownloadState.Paused, Command.Status, Fine, DownloadState.Paused)]
    [TestCase(DownloadState.Failed, Command.Pause, DownloadErrorKind.NotOngoing, DownloadState.Failed)]
    [TestCase(DownloadState.Failed, Command.Resume, DownloadErrorKind.NotPaused, DownloadState.Failed)]
    [TestCase(DownloadState.Failed, Command.Retry, Fine, DownloadState.Completed)]
    [TestCase(DownloadState.Failed, Command.Limit, Fine, DownloadState.Failed)]
    [TestCase(DownloadState.Failed, Command.Cancel, Fine, DownloadState.Canceled)]
    [TestCase(DownloadState.Failed, Command.Status, DownloadErrorKind.DownloadFailed, DownloadState.Failed)]
    [TestCase(DownloadState.Completed, Command.Pause, DownloadErrorKind.DownloadNotFound, DownloadState.Completed)]
    [TestCase(DownloadState.Completed, Command.Resume, DownloadErrorKind.DownloadNotFound, DownloadState.Completed)]
    [TestCase(DownloadState.Completed, Command.Retry, DownloadErrorKind.DownloadNotFound, DownloadState.Completed)]
    [TestCase(DownloadState.Completed, Command.Limit, DownloadErrorKind.DownloadNotFound, DownloadState.Completed)]
    [TestCase(DownloadState.Completed, Command.Cancel, DownloadErrorKind.DownloadNotFound, DownloadState.Completed)]
    [TestCase(DownloadState.Completed, Command.Status, DownloadErrorKind.DownloadNotFound, DownloadState.Completed)]
    [TestCase(DownloadState.Canceling, Command.Pause, DownloadErrorKind.NotOngoing, DownloadState.Canceling)]
    [TestCase(DownloadState.Canceling, Command.Resume, DownloadErrorKind.NotPaused, DownloadState.Canceling)]
    [TestCase(DownloadState.Canceling, Command.Retry, DownloadErrorKind.NotFailed, DownloadState.Canceling)]
    [TestCase(DownloadState.Canceling, Command.Limit, DownloadErrorKind.NotOngoing, DownloadState.Canceling)]
    [TestCase(DownloadState.Canceled, Command.Pause, DownloadErrorKind.DownloadNotFound, DownloadState.Canceled)]
    [TestCase(DownloadState.Canceled, Command.Resume, DownloadErrorKind.DownloadNotFound, DownloadState.Canceled)]
    [TestCase(DownloadState.Canceled, Command.Retry, DownloadErrorKind.DownloadNotFound, DownloadState.Canceled)]
    [TestCase(DownloadState.Canceled, Command.Limit, DownloadErrorKind.DownloadNotFound, DownloadState.Canceled)]
    [TestCase(DownloadState.Canceled, Command.Cancel, DownloadErrorKind.DownloadNotFound, DownloadState.Canceled)]
    [TestCase(DownloadState.Canceled, Command.Status, DownloadErrorKind.DownloadNotFound, DownloadState.Canceled)]
    public async Task Command_in_a_state_does_what_the_table_says(
        DownloadState state, Command command, DownloadErrorKind error, DownloadState after)
    {
        var world = new World(300_000, new DownloadOptions { MaxActive = 1, WindowSize = 100_000, MinFree = 0, Retries = 0 });
        await BringToAsync(world, state);
        if (command is Command.Retry) world.Source.BeforeRead = (_, _) => Task.CompletedTask;

        var call = () => RunAsync(world, command);

        if (error is Fine) await call();
        else Assert.That(call, Throws.TypeOf<DownloadException>().With.Property(nameof(DownloadException.Kind)).EqualTo(error));
        await world.WaitForAsync(after);
    }

    [Test]
    public async Task Command_on_an_unknown_name_is_not_found([Values] Command command)
    {
        var world = new World(300_000);
        await world.StartHeldAsync(0);

        Assert.That(
            () => RunAsync(world, command, "other.iso"),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.DownloadNotFound));
    }

    [Test]
    public async Task Command_in_an_unknown_pool_is_pool_not_found()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(0);

        Assert.That(
            () => world.Commands.GetStatusAsync(new VolumeId("other", "a.iso")),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.PoolNotFound));
    }

    [Test]
    public async Task Limit_is_kept_with_the_download_and_holds_for_the_transfer_in_progress()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(150_000);

        await world.LimitAsync(5000);

        Assert.That((await world.StatusAsync()).LimitRate, Is.EqualTo(5000));
        Assert.That(world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.LimitRate, Is.EqualTo(5000));
        Assert.That(world.Registry.Find(new VolumeId("ISO", "a.iso"))!.Limit.BytesPerSecond, Is.EqualTo(5000));
    }

    [Test]
    public async Task Limit_that_cannot_be_stored_does_not_hold()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(150_000);
        world.Store.NextFailure = new IOException("disk full");

        Assert.That(() => world.LimitAsync(5000), Throws.InstanceOf<IOException>());

        Assert.That(world.Registry.Find(new VolumeId("ISO", "a.iso"))!.Limit.BytesPerSecond, Is.Zero);
    }

    [Test]
    public async Task Negative_limit_is_refused()
    {
        var world = new World(300_000);
        await world.StartHeldAsync(150_000);

        Assert.That(
            () => world.LimitAsync(-1),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.FieldInvalid).And.Message.Contains("limit_rate"));
    }

    private static Task RunAsync(World world, Command command, string name = "a.iso") => command switch
    {
        Command.Pause => world.PauseAsync(name),
        Command.Resume => world.ResumeAsync(name),
        Command.Cancel => world.CancelAsync(name),
        Command.Retry => world.RetryAsync(name),
        Command.Limit => world.LimitAsync(1_000_000, name),
        _ => world.StatusAsync(name),
    };

    private static async Task BringToAsync(World world, DownloadState state)
    {
        switch (state)
        {
            case DownloadState.Queued:
                await world.StartHeldAsync(0, "first.iso");
                await world.StartAsync();
                break;
            case DownloadState.Running:
                await world.StartHeldAsync(150_000);
                break;
            case DownloadState.Paused:
                var gate = await world.StartHeldAsync(150_000);
                await world.PauseAsync();
                gate.Open();
                break;
            case DownloadState.Failed:
                world.Source.BeforeRead = (_, _) => throw new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");
                await world.StartAsync();
                break;
            case DownloadState.Completed:
                await world.StartAsync();
                break;
            case DownloadState.Canceling:
                await world.StartHeldAsync(150_000);
                world.Pools.BeforeDelete = () => new TaskCompletionSource().Task;
                _ = world.CancelAsync();
                break;
            case DownloadState.Canceled:
                await world.StartHeldAsync(150_000);
                await world.CancelAsync();
                break;
        }

        await world.WaitForAsync(state);
        if (state is DownloadState.Completed)
            Assert.That(() => world.Registry.Find(new VolumeId("ISO", "a.iso")), Is.Null.After(5000, 2), "a completed download lets its name go");
    }
}
