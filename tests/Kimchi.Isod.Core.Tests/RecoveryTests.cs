using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Core.Tests;

public sealed class RecoveryTests
{
    [Test]
    public async Task Download_that_ran_goes_on_from_its_last_byte_after_a_stop()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(300_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var stopped = before.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        Assert.That(stopped.State, Is.EqualTo(DownloadState.Running), "the user did not stop it");
        Assert.That(stopped.ImagePosition, Is.GreaterThanOrEqualTo(300_000), "all that had arrived is kept");

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Is.EqualTo(new[] { stopped.ImagePosition }));
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

        Assert.That(world.Store.FindNewest(new VolumeId("ISO", "a.iso"))!.State, Is.EqualTo(DownloadState.Paused));
    }

    [Test]
    public async Task Suspect_windows_are_read_back_and_only_what_is_wrong_is_fetched_again()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(450_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var record = before.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        before.Store.Update(record with { IsSuspect = true });
        var broken = before.Store.LoadWindows(record.Id)[2];
        before.Pools["a.iso"].Bytes[broken.Start + 5] ^= 1;

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Is.EqualTo(new[] { broken.Start, record.ImagePosition }));
        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Hole_is_filled_before_the_download_goes_on_and_a_published_head_is_withdrawn_meanwhile()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(500_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var record = before.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        before.Store.Update(record with { IsSuspect = true });
        var windows = before.Store.LoadWindows(record.Id);
        var bytes = before.Pools["a.iso"].Bytes;
        before.Store.Update(before.Store.Get(record.Id) with { IsPublishing = true });
        before.Content.AsSpan(0, HeldHead.Size).CopyTo(bytes);
        foreach (var lost in new[] { windows[0], windows[2] }) bytes.AsSpan((int)lost.Start, (int)lost.Length).Clear();

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        var gate = new Gate(windows[2].Start);
        after.Source.BeforeRead = gate.PassAsync;
        await after.Recovery.StartingAsync(CancellationToken.None);
        await gate.Reached;
        Assert.That(VolumeStart.IsToken(bytes.AsSpan(0, HeldHead.Size)), "what has holes is no image");
        gate.Open();
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Is.EqualTo(new[] { windows[0].Start, windows[2].Start }));
        Assert.That(after.Source.AskedEnds, Is.EqualTo(new long?[] { windows[0].End, windows[2].End }), "no more than the hole is asked for");
        Assert.That(bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Hole_that_is_half_filled_when_the_daemon_stops_is_filled_later()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(500_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        var record = before.Store.FindNewest(new VolumeId("ISO", "a.iso"))!;
        before.Store.Update(record with { IsSuspect = true });
        var lost = before.Store.LoadWindows(record.Id)[1];
        before.Pools["a.iso"].Bytes.AsSpan((int)lost.Start, (int)lost.Length).Clear();
        var between = new World(500_000, store: before.Store, pools: before.Pools);
        var gate = new Gate(lost.Start + 20_000);
        between.Source.BeforeRead = gate.PassAsync;
        await between.Recovery.StartingAsync(CancellationToken.None);
        await gate.Reached;
        await between.Recovery.StoppingAsync(CancellationToken.None);

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Source.OpenedAt, Has.Count.EqualTo(1).And.All.GreaterThan(lost.Start));
        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }

    [Test]
    public async Task Start_that_the_crash_cut_off_leaves_neither_volume_nor_name([Values("nothing", "the newborn", "the token")] string made)
    {
        var world = new World(500_000);
        var record = world.Store.Add(Prepared(world, 500_000));
        if (made != "nothing") world.Pools.AddForeign("a.iso", made == "the token" ? 500_000 : (int)record.BirthCapacity!.Value);
        if (made == "the token") record.Token!.ToBytes().CopyTo(world.Pools["a.iso"].Bytes, 0);

        await world.Recovery.StartingAsync(CancellationToken.None);

        Assert.That(() => world.Store.FindNewest(new VolumeId("ISO", "a.iso")), Is.Null.After(5000, 2));
        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(() => world.StartAsync(), Throws.Nothing.After(5000, 2));
    }

    // Of the size of the download and with nothing in it is also what another host has made a moment ago.
    [Test]
    public async Task Volume_of_somebody_else_with_the_name_of_a_start_that_was_cut_off_stays(
        [Values("0 bytes", "another size", "the size, empty", "the size, with content", "another token", "the newborn's size, with content", "the token's first bytes")] string what)
    {
        var world = new World(500_000);
        var record = world.Store.Add(Prepared(world, 500_000));
        world.Pools.AddForeign("a.iso", what switch
        {
            "0 bytes" => 0,
            "the token's first bytes" => 3,
            "another size" => 400_000,
            "the newborn's size, with content" => (int)record.BirthCapacity!.Value,
            _ => 500_000,
        });
        var bytes = world.Pools["a.iso"].Bytes;
        if (what.EndsWith("with content", StringComparison.Ordinal)) bytes[100] = 1;
        if (what == "the token's first bytes") record.Token!.ToBytes().AsSpan(0, bytes.Length).CopyTo(bytes);
        if (what == "another token") VolumeToken.New(Guid.NewGuid()).ToBytes().CopyTo(bytes, 0);
        var before = bytes.ToArray();

        await world.Recovery.StartingAsync(CancellationToken.None);

        Assert.That(() => world.Store.FindNewest(new VolumeId("ISO", "a.iso")), Is.Null.After(5000, 2));
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(before));
    }

    [Test]
    public async Task Crash_between_publishing_and_the_record_publishes_again()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(500_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        before.Store.Update(before.Store.FindNewest(new VolumeId("ISO", "a.iso"))! with { IsPublishing = true });
        before.Content.AsSpan(0, HeldHead.Size).CopyTo(before.Pools["a.iso"].Bytes);

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

    private static DownloadRecord Prepared(World world, long size) => new()
    {
        Token = VolumeToken.New(world.Store.Id),
        BirthCapacity = Ownership.VolumeMaker.ChooseBirthCapacity(size),
        Volume = new VolumeId("ISO", "a.iso"),
        Url = RemoteUrl.Parse(World.Url),
        Version = new Validator("\"1\"", null, size),
        State = DownloadState.Preparing,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
