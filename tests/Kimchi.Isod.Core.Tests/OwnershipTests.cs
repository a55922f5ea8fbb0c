using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Core.Tests;

/// <summary>Whose a volume is, and when what it holds must be read back.</summary>
public sealed class OwnershipTests
{
    [Test]
    public async Task Volume_that_is_replaced_while_bytes_come_is_not_written_to()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        world.Pools.Remove("a.iso");
        world.Pools.AddForeign("a.iso", 500_000);
        gate.Open();

        var record = await world.WaitForAsync(DownloadState.Failed);

        Assert.That(record.Failure!.Kind, Is.EqualTo(DownloadErrorKind.VolumeLost));
        Assert.That(world.Pools["a.iso"].Bytes, Is.All.Zero);
        await world.CancelAsync();
        Assert.That(world.Pools["a.iso"].Bytes, Is.All.Zero, "it is still there");
    }

    [Test]
    public async Task Retry_is_refused_as_long_as_the_other_volume_is_there_and_begins_again_when_it_is_gone()
    {
        var world = new World(500_000);
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        gate.Open();
        world.Pools.Remove("a.iso");
        world.Pools.AddForeign("a.iso", 500_000);
        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Failed);

        Assert.That(() => world.RetryAsync(), Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.NameInUse));
        world.Pools.Remove("a.iso");
        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    // The daemon died while the head was being published; where it does not see the file, only the content speaks for the volume.
    [Test]
    public async Task Head_alone_proves_nothing_where_the_file_is_not_seen([Values] bool isContentThere)
    {
        var before = await StopWithPublishedHeadAsync();
        var volume = before.Pools["a.iso"];
        volume.IsSeen = false;
        if (!isContentThere) volume.Bytes[400_000] ^= 1;
        var found = volume.Bytes.ToArray();

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(isContentThere ? DownloadState.Completed : DownloadState.Failed);

        Assert.That(volume.Bytes, Is.EqualTo(found));
        if (isContentThere) return;
        await after.CancelAsync();
        Assert.That(after.Pools.Has("a.iso"), Is.True, "nor is it deleted");
    }

    [Test]
    public async Task Head_that_is_half_written_is_known([Values] bool isSeen)
    {
        var before = await StopWithPublishedHeadAsync();
        var volume = before.Pools["a.iso"];
        volume.IsSeen = isSeen;
        volume.Bytes.AsSpan(8192, HeldHead.Size - 8192).Clear();

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.Bytes, Is.EqualTo(before.Content));
    }

    [TestCase("seen", false)]
    [TestCase("another mount", true)]
    [TestCase("another file", true)]
    [TestCase("unseen", true)]
    [TestCase("a device, which has no stamp", true)]
    [TestCase("written to", true)]
    public async Task Resume_reads_back_what_nothing_vouches_for(string how, bool isReadBack)
    {
        var world = new World(500_000);
        world.Pools.AfterCreate = volume => (volume.IsSeen, volume.HasStamp) = (how != "unseen", how != "a device, which has no stamp");
        var gate = await world.StartHeldAsync(300_000);
        await world.PauseAsync();
        gate.Open();
        var volume = world.Pools["a.iso"];
        var stored = (await world.StatusAsync()).ImagePosition - HeldHead.Size;
        if (how == "written to") volume.WriteByOthers(60_000, 1);
        if (how == "another mount") volume.Mount = "another";
        if (how == "another file") volume.FileNumber++;
        var before = volume.BytesRead;

        await world.ResumeAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.BytesRead - before >= stored, Is.EqualTo(isReadBack), $"{volume.BytesRead - before} bytes were read, {stored} were stored");
        Assert.That(volume.Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Connection_that_was_lost_is_suspect_where_the_file_is_not_seen([Values] bool isSeen)
    {
        var world = new World(500_000, new DownloadOptions { WindowSize = 100_000, PacketSize = 7_000, MinFree = 0, Retries = 1, RetryMaxDelay = TimeSpan.Zero });
        world.Pools.AfterCreate = volume => volume.IsSeen = isSeen;
        var gate = await world.StartHeldAsync(300_000);
        var volume = world.Pools["a.iso"];
        world.Pools.LostConnections++;
        var before = volume.BytesRead;
        world.Source.BeforeRead = FailOnce();
        gate.Open();

        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(volume.BytesRead - before > 200_000, Is.EqualTo(!isSeen), $"{volume.BytesRead - before} bytes were read");
    }

    private static Func<long, CancellationToken, Task> FailOnce()
    {
        var failures = 0;
        return (_, _) => Interlocked.Increment(ref failures) == 1
            ? throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, "dropped")
            : Task.CompletedTask;
    }

    private static async Task<World> StopWithPublishedHeadAsync()
    {
        var world = new World(500_000);
        await world.StartHeldAsync(500_000);
        await world.Recovery.StoppingAsync(CancellationToken.None);
        world.Store.Update(world.Store.FindNewest(new VolumeId("ISO", "a.iso"))! with { IsPublishing = true });
        world.Content.AsSpan(0, HeldHead.Size).CopyTo(world.Pools["a.iso"].Bytes);
        Assert.That(VolumeStart.IsToken(world.Pools["a.iso"].Bytes), Is.False);
        return world;
    }
}
