using System.Net;
using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>What the daemon may find in place of its store, and who else may have it.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class StateStoreTests : IsodTest
{
    private const int Size = 16_000_000;

    public enum Find
    {
        Nothing,
        NewerStore,
        DamagedStore,
    }

    [Test]
    public async Task Store_that_cannot_be_used_is_kept_aside_and_what_is_in_the_pool_stays([Values] Find find)
    {
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        var name = NewName();
        var source = Nginx.AddFile(name, Size);
        await PauseInTheMiddleAsync(daemon, name);
        await daemon.StopAsync();
        var left = await File.ReadAllBytesAsync(InPool(name));
        Put(find, daemon);

        await daemon.StartAsync();

        Assert.That(await File.ReadAllBytesAsync(InPool(name)), Is.EqualTo(left), "its volume is left alone");
        AssertError(await daemon.Client.StatusAsync(name), 400, "KCHDL0002E");
        AssertError(await daemon.Client.StartAsync(Nginx.Url(name), name), 400, "KCHVOL0001E");
        await AssertLoggedAsync(find, daemon);
        await DownloadAndCompareAsync(daemon, Nginx.Url(name), source);
        File.Delete(InPool(name));
    }

    [Test]
    public async Task Store_of_the_first_version_is_taken_over_with_its_downloads()
    {
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        var name = NewName();
        var source = Nginx.AddFile(name, Size);
        var before = await PauseInTheMiddleAsync(daemon, name);
        await daemon.StopAsync();
        StoreOf(daemon).TurnIntoVersion1();
        // That version left zeros where the token is now.
        using (var volume = File.OpenWrite(InPool(name))) volume.Write(new byte[512]);

        await daemon.StartAsync();

        Assert.That((await daemon.Client.StatusAsync(name)).Body, Is.EqualTo(before.Body));
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        await daemon.WaitForLogAsync("what it holds proves whose it is");
        AssertSame(name, source);
        Assert.That(StoreOf(daemon).KeptAside, Is.Empty);
        Assert.That(StoreOf(daemon).Query("PRAGMA user_version"), Is.EqualTo(StateStoreFile.NewestVersion));
    }

    [Test]
    public async Task Store_that_another_process_has_locked_stops_the_start_with_the_mend()
    {
        var daemon = await StartAsync();
        await daemon.StopAsync();
        using var other = StoreOf(daemon).Lock();

        daemon.StartWithoutWaiting();

        Assert.That(await daemon.WaitForExitAsync(), Is.EqualTo(1), daemon.Log);
        Assert.That(daemon.Log, Does.Contain(StoreOf(daemon).Path).And.Contain("another process has it locked").And.Contain("let that one end"));
        Assert.That(daemon.Log, Does.Not.Contain("Unhandled exception").And.Not.Contain("   at "));
        Assert.That(StoreOf(daemon).KeptAside, Is.Empty);
    }

    [Test]
    public async Task Store_that_is_locked_for_a_moment_is_waited_for()
    {
        var daemon = await StartAsync();
        await daemon.StopAsync();
        var store = StoreOf(daemon);
        using (store.Lock())
        {
            daemon.StartWithoutWaiting();
            await Patience.UntilAsync(() => Task.FromResult(daemon.HasOpen(store.Path)), () => $"it does not open its store: {daemon.Log}");
        }

        await daemon.WaitUntilItAnswersAsync();
        Assert.That(store.KeptAside, Is.Empty);
    }

    [Test]
    public async Task Store_that_somebody_locks_while_the_daemon_runs_fails_starts_until_the_lock_ends()
    {
        var daemon = await StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 1000);

        using (StoreOf(daemon).LockForWriting())
        {
            var refused = await daemon.Client.StartAsync(Nginx.Url(name), name);
            AssertError(refused, 500, "KCHSYS0001E");
            Assert.That(refused.Text("reason"), Does.Contain(StoreOf(daemon).Path).And.Contain("another process has it locked"));
            Assert.That(File.Exists(InPool(name)), Is.False);
        }

        Assert.That((await daemon.Client.StartAsync(Nginx.Url(name), name)).Status, Is.EqualTo(HttpStatusCode.OK));
        await daemon.Client.WaitUntilCompletedAsync(name);
    }

    [Test]
    public async Task Checksum_is_compared_in_the_end_also_after_the_daemon_was_killed([Values] bool isRight)
    {
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        var name = NewName();
        var source = Nginx.AddFile(name, Size);
        var digest = isRight ? Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(source))) : new string('0', 64);
        await daemon.Client.CallAsync("", new { url = Nginx.Url("slow/" + name), name, checksum = "sha256:" + digest });
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);

        await daemon.KillAsync();
        await daemon.StartAsync();

        if (isRight)
        {
            await daemon.Client.WaitUntilCompletedAsync(name);
            AssertSame(name, source);
            return;
        }

        var failed = await daemon.Client.WaitForAsync(name, status => status.Id == "KCHDL0007E");
        Assert.That(failed.Text("reason"), Does.Contain("the checksum does not match: expected sha256:" + digest));
        Assert.That(File.Exists(InPool(name)), Is.False, "a wrong image is not kept");
    }

    private static StateStoreFile StoreOf(IsodProcess daemon) => new(daemon.StateDirectory);

    private static async Task<ApiReply> PauseInTheMiddleAsync(IsodProcess daemon, string name)
    {
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);
        await daemon.Client.PauseAsync(name);
        return await daemon.Client.StatusAsync(name);
    }

    private static void Put(Find find, IsodProcess daemon)
    {
        if (find is Find.Nothing) Directory.Delete(daemon.StateDirectory, recursive: true);
        else if (find is Find.NewerStore) StoreOf(daemon).Execute("PRAGMA user_version = 99");
        else File.WriteAllText(StoreOf(daemon).Path, "what a disk leaves after a bad day");
    }

    private static async Task AssertLoggedAsync(Find find, IsodProcess daemon)
    {
        var store = StoreOf(daemon);
        var kept = store.KeptAside;
        Assert.That(kept, Has.Count.EqualTo(find is Find.Nothing ? 0 : 1));
        await daemon.WaitForLogAsync(find switch
        {
            Find.Nothing => $"there is no state store {store.Path}: a new one is made",
            Find.NewerStore => $"version 99, made by a newer kimchi-isod; this one knows version {StateStoreFile.NewestVersion}; it is kept as {kept[0]}",
            _ => $"file is not a database'; it is kept as {kept[0]}",
        });
    }
}
