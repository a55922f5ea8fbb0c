using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;
using Kimchi.Isod.Core.Volumes;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Core.Tests;

/// <summary>libvirt, the disk or the machine dies at a bad moment.</summary>
public sealed class StorageDeathTests
{
    [Test]
    public void Start_whose_volume_libvirt_made_before_it_died_leaves_neither_volume_nor_name()
    {
        var world = new World(500_000);
        var deaths = 1;
        world.Pools.AfterCreate = _ =>
        {
            if (deaths-- > 0) throw DownloadException.Transient(DownloadErrorKind.LibvirtUnreachable, "it died");
        };

        Assert.That(() => world.StartAsync(), Throws.InstanceOf<DownloadException>());

        Assert.That(() => world.Pools.Has("a.iso"), Is.False.After(5000, 2));
        Assert.That(() => world.StartAsync(), Throws.Nothing.After(5000, 2));
    }

    [Test]
    public async Task Start_in_a_pool_that_another_client_has_in_use_is_refused_without_a_second_wait()
    {
        var world = new World(500_000);
        using var isWaitedFor = new ManualResetEventSlim();
        (world.Pools.IsBusy, world.Pools.BeforeOpen) = (true, isWaitedFor.Wait);

        await Assert.ThatAsync(
            () => world.StartAsync().WaitAsync(Patience.Limit),
            Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.LibvirtBusy));

        world.Pools.IsBusy = false;
        isWaitedFor.Set();
        Assert.That(() => world.StartAsync(), Throws.Nothing.After(5000, 2));
    }

    [Test]
    public async Task Probe_answers_while_another_client_has_the_pool_in_use()
    {
        var world = new World(500_000);
        world.Pools.IsBusy = true;

        var found = await world.Commands.ProbeAsync(new StartRequest("ISO", World.Url, null, null), CancellationToken.None);

        Assert.That(found.Fits, Is.True);
    }

    [Test]
    public void Disk_that_fails_to_flush_the_token_refuses_the_start_and_nothing_is_left()
    {
        var world = new World(500_000);
        world.Pools.AfterCreate = volume => volume.OnFlush = () => throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the disk failed");

        Assert.That(() => world.StartAsync(), Throws.TypeOf<DownloadException>().With.Message.EqualTo("the disk failed"));

        Assert.That(world.Pools.Has("a.iso"), Is.False);
        Assert.That(world.Store.FindNewest(new VolumeId("ISO", "a.iso")), Is.Null);
    }

    [Test]
    public async Task Disk_that_fails_to_flush_is_trusted_with_nothing_that_it_had([Values(2, 3, 4)] int failing)
    {
        var world = new World(500_000);
        List<MemoryVolume> made = [];
        var flushes = 0;
        world.Pools.AfterCreate = volume =>
        {
            made.Add(volume);
            volume.OnFlush = () =>
            {
                if (++flushes == failing) throw DownloadException.Transient(DownloadErrorKind.VolumeLost, "the disk failed");
            };
        };
        await world.StartAsync();
        await world.WaitForAsync(DownloadState.Failed);
        Assert.That(VolumeStart.HidesImage(made[0].Bytes.AsSpan(0, HeldHead.Size)), "it is no image");
        Assert.That(() => world.StatusAsync(), Throws.InstanceOf<DownloadException>().With.Message.Contains("failed after 0 bytes"));

        await world.RetryAsync();
        await world.WaitForAsync(DownloadState.Completed);

        Assert.That(made, Has.Count.EqualTo(2), "it is fetched into another file");
        Assert.That(world.Pools["a.iso"].Bytes, Is.EqualTo(world.Content));
    }

    [Test]
    public async Task Growing_volume_that_is_shorter_after_a_power_failure_is_fetched_again()
    {
        var before = new World(500_000);
        await before.StartHeldAsync(500_000);
        await before.Recovery.StoppingAsync(CancellationToken.None);
        before.Store.Update(before.Store.FindNewest(new VolumeId("ISO", "a.iso"))! with { IsSuspect = true, Allocation = VolumeAllocation.Growing });
        before.Pools["a.iso"].Resize(200_000);

        var after = new World(500_000, store: before.Store, pools: before.Pools);
        await after.Recovery.StartingAsync(CancellationToken.None);
        await after.WaitForAsync(DownloadState.Completed);

        Assert.That(after.Pools["a.iso"].Bytes, Is.EqualTo(after.Content));
    }
}
