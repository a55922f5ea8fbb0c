using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Systemd;

/// <summary>SIGHUP.</summary>
public sealed class ReloadTests : IsodTest
{
    [Test]
    public async Task Reload_is_told_to_systemd_and_what_changed_to_the_log()
    {
        using var systemd = new NotifySocket();
        var daemon = Prepare();
        daemon.Environment["NOTIFY_SOCKET"] = systemd.Path;
        daemon.StartWithoutWaiting();
        await systemd.WaitForAsync("READY=1");

        daemon.Settings["downloads:limit_rate"] = "1M";
        daemon.Settings["network:proxy"] = "http://user:s3cret@proxy:3128";
        daemon.Reload();

        Assert.That((await systemd.WaitForAsync("RELOADING=1"))[^1], Does.Match("^RELOADING=1\nMONOTONIC_USEC=[0-9]+$"));
        await systemd.WaitForAsync("READY=1");
        await daemon.WaitForLogAsync(@"\[305\][^[]*downloads:limit_rate is now 1M");
        await daemon.WaitForLogAsync(@"\[306\][^[]*network:proxy has changed, which counts from the next start on");
        Assert.That(daemon.Log, Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Waiting_downloads_get_the_slots_that_a_reload_brings()
    {
        var daemon = await StartAsync(("downloads:max_active", "1"));
        var (first, second) = (NewName(), NewName());
        Nginx.AddFile(first, 40_000_000);
        Nginx.AddFile(second, 1_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + first), first);
        await daemon.Client.StartAsync(Nginx.Url(second), second);
        Assert.That((await daemon.Client.GetAsync($"{IsodClient.Downloads}/{second}")).Text("status"), Is.EqualTo("queued"));

        daemon.Settings["downloads:max_active"] = "2";
        daemon.Reload();

        await daemon.Client.WaitUntilCompletedAsync(second);
        Assert.That((await daemon.Client.StatusAsync(first)).Text("status"), Is.EqualTo("downloading"));
        await daemon.Client.CancelAsync(first);
    }

    [Test]
    public async Task Pools_that_a_reload_allows_are_made_ready_and_those_that_it_forbids_are_gone()
    {
        using var libvirtd = new PrivateLibvirtd();
        var daemon = Prepare(libvirtd, libvirtd.NewPoolDirectory());
        await daemon.StartAsync();
        await daemon.Client.GetAsync("/healthz");
        libvirtd.Virsh("pool-define-as", "other", "dir", "--target", libvirtd.NewPoolDirectory());
        const string Other = "/storagepools/other/storagevolumes/download";
        AssertError(await daemon.Client.GetAsync(Other), 404, "KCHPOOL0002E");

        daemon.Settings["pools:allowed"] = "other";
        daemon.Reload();

        await Patience.UntilAsync(async () => (int)(await daemon.Client.GetAsync(Other)).Status == 200, () => daemon.Log);
        await Patience.UntilAsync(() => Task.FromResult(libvirtd.Virsh("pool-list").Contains("other", StringComparison.Ordinal)), () => daemon.Log);
        AssertError(await daemon.Client.GetAsync(IsodClient.Downloads), 404, "KCHPOOL0002E");
    }

    [Test]
    public async Task Bad_configuration_is_told_and_changes_nothing()
    {
        var daemon = await StartAsync();

        daemon.Settings["downloads:limit_rate"] = "fast";
        daemon.Reload();

        await daemon.WaitForLogAsync(@"\[308\]");
        await daemon.WaitForLogAsync("kimchi-isod.conf: downloads:limit_rate: 'fast' is not usable");
        Assert.That(await daemon.Client.AnswersAsync());
        daemon.Settings.Remove("downloads:limit_rate");
        daemon.Reload();
        await daemon.WaitForLogAsync(@"\[307\]");
    }

    [Test]
    public async Task Level_of_the_log_changes_and_calls_are_audited_at_any()
    {
        var daemon = await StartAsync();
        daemon.Settings["log:level"] = "error";
        daemon.Reload();
        await daemon.WaitForLogAsync("log:level is now error");
        var name = NewName();
        Nginx.AddFile(name, 100_000);

        await daemon.Client.StartAsync(Nginx.Url(name), name);
        await daemon.Client.WaitUntilCompletedAsync(name);

        await daemon.WaitForLogAsync($"audit: start of '{name}'");
        Assert.That(daemon.Log, Does.Not.Contain($"{name}: completed"));
    }
}
