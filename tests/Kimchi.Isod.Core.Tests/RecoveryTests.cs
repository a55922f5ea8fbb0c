using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests;

public sealed class RecoveryTests
{
    [Test]
    public async Task Download_that_ran_goes_on_from_its_last_byte_after_a_stop()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(300_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var stopped = before.Store.FindNewest("ISO", "a.iso")!;
        Assert.That(stopped.State, Is.EqualTo(DownloadState.Running), "the user did not stop it");
        Assert.That(stopped.Position, Is.GreaterThanOrEqualTo(300_000), "all that had arrived is kept");

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Is.EqualTo(new[] { stopped.Position }));
        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Paused_download_stays_paused_after_a_stop()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(300_000);
        await before.PauseAsync();
        await before.Recovery.StoppingAsync(CancellationToken.None);

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);

        Assert.That((await after.StatusAsync()).State, Is.EqualTo(DownloadState.Paused));
        Assert.That(after.Source.OpenedAt, Is.Empty);
    }

    [Test]
    public async Task Pause_during_the_shutdown_wins()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(300_000);

        var stop = world.Recovery.StoppingAsync(CancellationToken.None);
        var pause = world.PauseAsync();
        await stop;
        try
        {
            await pause;
        }
        catch (Errors.DownloadException)
        {
            Assert.Ignore("the run had ended before the pause came");
        }

        Assert.That(world.Store.FindNewest("ISO", "a.iso")!.State, Is.EqualTo(DownloadState.Paused));
    }

    [Test]
    public async Task Suspect_windows_are_read_back_and_only_what_is_wrong_is_fetched_again()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(450_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var record = before.Store.FindNewest("ISO", "a.iso")!;
        before.Store.Update(record with { IsSuspect = true });
        var broken = before.Store.LoadWindows(record.Id)[2];
        before.Pools["a.iso"].Bytes[broken.Start + 5] ^= 1;

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Is.EqualTo(new[] { broken.Start }));
        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Crash_between_publishing_and_the_record_publishes_again()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(500_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        before.Content.AsSpan(0, ImageHead.Size).CopyTo(before.Pools["a.iso"].Bytes);

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Is.Empty, "nothing is missing");
        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Cancel_that_the_crash_cut_off_is_finished()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(300_000);
        before.Pools.BeforeDelete = () => new TaskCompletionSource().Task;
        _ = before.CancelAsync();
        await before.WaitForAsync(DownloadState.Canceling);

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        after.Pools.BeforeDelete = () => Task.CompletedTask;
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Canceled);

        Assert.That(after.Pools.Has("a.iso"), Is.False);
    }
}
