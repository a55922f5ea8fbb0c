using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>The machine's power fails, and it boots again.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
public sealed class PowerLossTests : PowerLossTest
{
    private const int Size = 12_000_000;
    private const int Middle = 6_000_000;

    [Test]
    public async Task All_that_was_stored_is_on_the_disk_when_the_daemon_has_stopped_or_a_download_is_paused([Values] bool isPaused)
    {
        await StartDaemonAsync();
        Server.Pace = TimeSpan.FromMilliseconds(10);
        var name = await DownloadAsync(Size, seed: 1);
        await Daemon.Client.WaitForBytesAsync(name, Middle);
        if (isPaused) await Daemon.Client.PauseAsync(name);
        var count = (int)(await Daemon.Client.StatusAsync(name)).Number("downloaded_size");
        if (!isPaused) await Daemon.StopAsync();

        var found = LosePower();
        var stored = await File.ReadAllBytesAsync(Path.Combine(found, "pool", name));
        Assert.That(stored.AsSpan(HeadSize, count - HeadSize).SequenceEqual(ContentOf(name).AsSpan(HeadSize, count - HeadSize)));
        Server.Pace = TimeSpan.Zero;
        var (daemon, pool) = await BootAsync(found);

        if (isPaused) await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertWhole(pool, name);
        Assert.That(daemon.Log, Does.Not.Contain("stored bytes are not intact"));
    }

    [Test]
    public async Task Windows_that_the_disk_never_got_are_found_and_fetched_again()
    {
        await StartDaemonAsync();
        Server.Pace = TimeSpan.FromMilliseconds(10);
        var name = await DownloadAsync(Size, seed: 1);
        await Daemon.Client.WaitForBytesAsync(name, Middle);
        Suspend();

        var found = LosePower();
        var stored = await File.ReadAllBytesAsync(Path.Combine(found, "pool", name));
        Assert.That(stored.AsSpan(HeadSize, Middle - HeadSize).SequenceEqual(ContentOf(name).AsSpan(HeadSize, Middle - HeadSize)), Is.False,
            "the disk must lack some of what is recorded, or this proves nothing");
        var (daemon, pool) = await BootAsync(found);

        Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertWhole(pool, name);
        await daemon.WaitForLogAsync("stored bytes are not intact");
    }

    [Test]
    public async Task Image_that_is_completed_is_whole_after_a_power_failure_in_that_moment()
    {
        await StartDaemonAsync();
        for (var i = 0; i < 5; i++)
        {
            var completed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            void Look(object? sender, LineEventArgs printed)
            {
                if (!printed.Line.Contains(": completed", StringComparison.Ordinal)) return;
                Suspend();
                completed.TrySetResult();
            }

            Daemon.Printed += Look;
            var name = await DownloadAsync(3_000_000 + i, seed: i);
            await completed.Task.WaitAsync(Patience.Limit);
            Daemon.Printed -= Look;
            var found = LosePower();
            Resume();

            AssertWhole(Path.Combine(found, "pool"), name);
            if (i > 0) continue;
            var (daemon, _) = await BootAsync(found);
            Assert.That((await daemon.Client.StatusAsync(name)).Body, Does.Contain("completed"));
        }
    }

    [Test]
    public async Task Head_is_never_on_the_disk_before_the_data_however_the_kernel_writes_them_back()
    {
        await StartDaemonAsync();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var published = 0;
        for (var i = 0; i < 20; i++)
        {
            for (var k = 0; k < 4; k++) await DownloadAsync(random.Next(100_000, 2_000_000), random.Next());
            await Task.Delay(random.Next(120));

            Suspend();
            foreach (var volume in Directory.GetFiles(Pool)) LoopDisk.WriteBack(volume, 0, HeadSize);
            Disk.CommitJournal();
            published = Math.Max(published, CountPublishedAfter(LosePower(), seed));
            Resume();
        }

        Assert.That(published, Is.GreaterThan(10), "images must have been published, or this proves nothing");
    }

    [Test]
    public async Task Volume_of_a_download_that_was_accepted_survives_though_nothing_is_written_yet([Values(0, 100_000)] int position)
    {
        using var elsewhere = new TemporaryDirectory("state");
        await StartDaemonAsync(("state:directory", elsewhere["before"]));
        Server.Pace = position > 0 ? TimeSpan.FromMilliseconds(1) : Patience.Limit;
        var name = await DownloadAsync(Size, seed: 1);
        await Daemon.Client.WaitForBytesAsync(name, position);
        Suspend();
        Server.Pace = TimeSpan.Zero;

        var found = LosePower();
        ChildProcess.Run("cp", "-a", elsewhere["before"], elsewhere["after"]);
        var (daemon, pool) = await BootAsync(found, elsewhere["after"]);

        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertWhole(pool, name);
    }

    [Test]
    public async Task Volume_whose_record_is_lost_is_left_alone_and_its_name_is_in_use()
    {
        await StartDaemonAsync();
        Server.Pace = TimeSpan.FromMilliseconds(10);
        var name = await DownloadAsync(Size, seed: 1);
        await Daemon.Client.WaitForBytesAsync(name, Middle);
        await Daemon.KillAsync();
        Directory.Delete(Daemon.StateDirectory, recursive: true);
        var before = await File.ReadAllBytesAsync(Path.Combine(Pool, name));

        await Daemon.StartAsync();

        AssertError(await Daemon.Client.StatusAsync(name), 400, "KCHDL0002E");
        AssertError(await Daemon.Client.StartAsync(Server.Url(name), name), 400, "KCHVOL0001E");
        Assert.That(await File.ReadAllBytesAsync(Path.Combine(Pool, name)), Is.EqualTo(before));
    }

    [Test]
    public async Task Download_whose_volume_is_lost_fails_with_the_reason_and_a_retry_begins_again()
    {
        await StartDaemonAsync();
        Server.Pace = TimeSpan.FromMilliseconds(10);
        var name = await DownloadAsync(Size, seed: 1);
        await Daemon.Client.WaitForBytesAsync(name, Middle);
        await Daemon.KillAsync();
        File.Delete(Path.Combine(Pool, name));
        Server.Pace = TimeSpan.Zero;

        await Daemon.StartAsync();

        var failed = await Daemon.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");
        Assert.That(failed.Text("reason"), Does.Contain("gone from the pool"));
        Assert.That((int)(await Daemon.Client.RetryAsync(name)).Status, Is.EqualTo(200));
        await Daemon.Client.WaitUntilCompletedAsync(name);
        AssertWhole(Pool, name);
    }

    private int CountPublishedAfter(string found, int seed)
    {
        try
        {
            return CountPublished(Path.Combine(found, "pool"));
        }
        catch (InvalidOperationException e)
        {
            throw new AssertionException($"seed {seed}: {e.Message}", e);
        }
    }
}
