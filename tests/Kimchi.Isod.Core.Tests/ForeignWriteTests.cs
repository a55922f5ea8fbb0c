using System.Security.Cryptography;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Somebody else writes to bytes that are stored already.</summary>
public sealed class ForeignWriteTests
{
    private const int Size = 500_000;
    private const int Written = 120_000;

    [Test]
    public Task Write_of_somebody_else_is_repaired([Values("paused", "failed", "stopped", "running")] string when, [Values] bool hasChecksum) =>
        WriteAndGoOnAsync(when, hasChecksum, isWatched: true);

    // While an upload is open, only a watch tells.
    [Test]
    public Task Write_of_somebody_else_is_repaired_without_a_watch([Values("paused", "failed", "stopped")] string when, [Values] bool hasChecksum) =>
        WriteAndGoOnAsync(when, hasChecksum, isWatched: false);

    // The flushes: of the transfer's end, before the head, after the head.
    [Test]
    public async Task Write_at_the_last_moment_is_repaired([Values(1, 2, 3)] int flush, [Values] bool hasChecksum, [Values] bool isWatched)
    {
        var world = new World(Size, Options(retries: 0));
        var gate = await world.StartHeldAsync(300_000, checksum: hasChecksum ? Checksum(world) : null);
        var volume = world.Pools["a.iso"];
        volume.IsWatched = isWatched;
        var flushes = 0;
        volume.OnFlush = () =>
        {
            if (++flushes == flush) volume.WriteByOthers(Written, new byte[4096]);
        };
        gate.Open();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(flushes, Is.GreaterThan(flush));
        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Write_while_bytes_are_read_back_has_them_read_back_again()
    {
        var world = new World(Size, Options(retries: 1));
        var gate = await world.StartHeldAsync(300_000);
        var volume = world.Pools["a.iso"];
        await world.PauseAsync();
        gate.Open();
        volume.WriteByOthers(Written, new byte[10]);
        volume.OnRead = () =>
        {
            if (volume.Reads.Count == 0 || volume.Reads[^1].Length < 100_000) return;
            volume.OnRead = () => { };
            volume.WriteByOthers(Written + 20_000, new byte[10]); // In a part that was read by then, perhaps.
        };

        await world.ResumeAsync();
        var record = await world.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
        Assert.That(record.Attempts, Is.GreaterThan(1));
    }

    [Test]
    public async Task Image_that_somebody_goes_on_writing_to_is_not_published()
    {
        var world = new World(Size, Options(retries: 0));
        var gate = await world.StartHeldAsync(300_000);
        var volume = world.Pools["a.iso"];
        volume.OnFlush = () => volume.WriteByOthers(Written, new byte[10]);
        gate.Open();

        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.VolumeLost));
        Assert.That(record.Failure.Reason, Does.Contain("somebody else"));
        Assert.That(VolumeStart.IsToken(volume.Bytes.AsSpan(0, HeldHead.Size)));
        volume.OnFlush = () => { };
        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);
        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Ordinary_stop_has_nothing_read_back([Values("pause", "stop", "failure")] string how)
    {
        var world = new World(Size, Options(retries: 0));
        var gate = await world.StartHeldAsync(300_000);
        var volume = world.Pools["a.iso"];
        if (how == "pause") await world.PauseAsync();
        if (how == "stop") await world.Recovery.StoppingAsync(CancellationToken.None);
        if (how == "failure") world.Source.BeforeRead = (_, _) => throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "dropped");
        gate.Open();
        if (how == "failure") await world.WaitForAsync(DownloadState.Failed);
        world.Source.BeforeRead = (_, _) => Task.CompletedTask;
        var before = volume.Reads.Count;

        var after = how == "stop" ? new World(Size, store: world.Store, pools: world.Pools) : world;
        if (how == "pause") await after.ResumeAsync();
        if (how == "failure") await after.RetryAsync();
        if (how == "stop") await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Reads.Skip(before).Select(read => read.Length), Is.All.LessThanOrEqualTo(HeldHead.Size));
        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Stamp_that_could_not_be_stored_costs_no_more_than_reading_back()
    {
        var world = new World(Size, Options(retries: 0));
        var gate = await world.StartHeldAsync(300_000);
        world.Store.Refuses = changed => changed is { FileStamp: not null };
        await world.PauseAsync().ContinueWith(_ => { }, TaskScheduler.Default);
        gate.Open();
        world.Store.Refuses = null;
        await world.Recovery.StoppingAsync(CancellationToken.None);
        var volume = world.Pools["a.iso"];
        volume.WriteByOthers(Written, new byte[10]);

        var after = new World(Size, store: world.Store, pools: world.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        if ((await after.StatusAsync()).State is DownloadState.Paused) await after.ResumeAsync();
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    private static async Task WriteAndGoOnAsync(string when, bool hasChecksum, bool isWatched)
    {
        var world = new World(Size, Options(retries: 0));
        world.Pools.AfterCreate = made => made.IsWatched = isWatched;
        var gate = await world.StartHeldAsync(300_000, checksum: hasChecksum ? Checksum(world) : null);
        var volume = world.Pools["a.iso"];
        if (when == "failed")
        {
            world.Source.BeforeRead = (_, _) => throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "dropped");
            gate.Open();
            await world.WaitForAsync(DownloadState.Failed);
            world.Source.BeforeRead = (_, _) => Task.CompletedTask;
        }

        if (when == "paused") await world.PauseAsync();
        if (when == "stopped") await world.Recovery.StoppingAsync(CancellationToken.None);

        volume.WriteByOthers(Written, new byte[4096]);

        var after = when == "stopped" ? new World(Size, store: world.Store, pools: world.Pools) : world;
        gate.Open();
        if (when == "paused") await after.ResumeAsync();
        if (when == "failed") await after.RetryAsync();
        if (when == "stopped") await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
        Assert.That(after.Source.OpenedAt, Has.Some.InRange(1, Written),
            "what was overwritten is fetched again");
    }

    private static DownloadOptions Options(int retries) =>
        new() { WindowSize = 100_000, PacketSize = 7_000, MinFree = 0, Retries = retries, RetryMaxDelay = TimeSpan.Zero };

    private static string Checksum(World world) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(world.Content))}";
}
