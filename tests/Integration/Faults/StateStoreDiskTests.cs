using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>What happens to the disk under the state directory.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StateStoreDiskTests : IsodTest
{
    private readonly SmallDisk _disk = new(4);
    private BreakableDisk? _breakable;

    private string StateDirectory => Path.Combine(_disk.Path, "state");

    [TearDown]
    public async Task Unmount()
    {
        await StopDaemons();
        _disk.Dispose();
        _breakable?.Dispose();
    }

    [Test]
    public async Task Read_only_disk_stops_the_start_with_the_mend([Values] bool isFirstStart)
    {
        var daemon = await PrepareAsync(isFirstStart);
        Assert.That(_disk.TryRemount("ro"));

        await AssertDoesNotStartAsync(daemon, "read-only", "mount it writable, or set state:directory");

        Assert.That(_disk.TryRemount("rw"));
        await daemon.StartAsync();
    }

    [Test]
    public async Task Full_disk_stops_the_start_with_the_mend([Values] bool isFirstStart)
    {
        var daemon = await PrepareAsync(isFirstStart);
        _disk.Fill();

        await AssertDoesNotStartAsync(daemon, "full", "free space on");

        _disk.Free();
        await daemon.StartAsync();
    }

    [Test]
    public async Task Disk_that_is_full_for_a_while_refuses_starts_and_the_download_goes_on_by_itself()
    {
        var daemon = Prepare(Small(StateDirectory));
        var (name, source) = await BeginAsync(daemon);

        _disk.Fill();
        var refused = await AssertStartsAreRefusedAsync(daemon, name, source, $"free space on the disk of {StateDirectory}");
        _disk.Free();
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(new StateStoreFile(StateDirectory).Query("SELECT count(*) FROM downloads"), Is.EqualTo(1));
        Assert.That((await daemon.Client.StartAsync(Nginx.Url(name), refused)).Status, Is.EqualTo(HttpStatusCode.OK));
        await daemon.Client.WaitUntilCompletedAsync(refused);
    }

    [Test]
    public async Task Disk_that_breaks_and_is_read_only_from_then_on_refuses_starts_and_the_download_goes_on_after_its_repair()
    {
        _breakable = BreakableDisk.TryMount();
        if (_breakable is null) Assert.Ignore("no ext4 on a loop device can be mounted here, or none that can be broken");
        var directory = Path.Combine(_breakable.Path, "state");
        var daemon = Prepare(Small(directory));
        var (name, source) = await BeginAsync(daemon);

        _breakable.Break();
        await AssertStartsAreRefusedAsync(daemon, name, source, "read-only");
        var (exitCode, _) = await daemon.StopAsync();
        Assert.That(exitCode, Is.Zero, daemon.Log);
        _breakable.Repair();
        await daemon.StartAsync();
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(new StateStoreFile(directory).KeptAside, Is.Empty);
    }

    private static (string Key, string Value)[] Small(string directory) =>
    [
        ("state:directory", directory), ("downloads:window_size", "1M"), ("downloads:retry_max_delay", "1s"), ("downloads:retries", "100"),
    ];

    private static async Task<(string Name, string Source)> BeginAsync(IsodProcess daemon)
    {
        await daemon.StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 24_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);
        return (name, source);
    }

    /// <summary>The download waits, and another one cannot be started and leaves nothing.</summary>
    /// <returns>The name of that other one.</returns>
    private static async Task<string> AssertStartsAreRefusedAsync(IsodProcess daemon, string name, string source, string mend)
    {
        await daemon.WaitForLogAsync("trying again");
        Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));
        var refused = NewName();
        var reply = await daemon.Client.StartAsync(Nginx.Url(Path.GetFileName(source)), refused);
        AssertError(reply, 500, "KCHSYS0001E");
        Assert.That(reply.Text("reason"), Does.Contain(mend));
        Assert.That(File.Exists(InPool(refused)), Is.False);
        AssertError(await daemon.Client.StatusAsync(refused), 400, "KCHDL0002E");
        return refused;
    }

    private async Task<IsodProcess> PrepareAsync(bool isFirstStart)
    {
        var daemon = Prepare(("state:directory", StateDirectory));
        if (isFirstStart) return daemon;
        await daemon.StartAsync();
        await daemon.StopAsync();
        return daemon;
    }

    private async Task AssertDoesNotStartAsync(IsodProcess daemon, params string[] words)
    {
        daemon.StartWithoutWaiting();
        Assert.That(await daemon.WaitForExitAsync(), Is.EqualTo(1), daemon.Log);
        foreach (var word in words) Assert.That(daemon.Log, Does.Contain(word));
        Assert.That(daemon.Log, Does.Contain(StateDirectory).And.Not.Contain("Unhandled exception").And.Not.Contain("   at "));
        if (Directory.Exists(StateDirectory)) Assert.That(new StateStoreFile(StateDirectory).KeptAside, Is.Empty);
    }
}
