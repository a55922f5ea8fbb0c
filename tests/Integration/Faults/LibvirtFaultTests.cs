using System.Diagnostics;
using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>What others do to libvirtd and to the pool while a download runs.</summary>
public sealed class LibvirtFaultTests : StorageFaultTest
{
    [Test]
    public async Task Libvirtd_that_hangs_is_found_by_keepalive_and_costs_nothing()
    {
        await BeginAsync(("libvirt:keepalive_interval", "1"), ("libvirt:keepalive_count", "1"));

        OwnLibvirtd.Stop();
        await Daemon.WaitForLogAsync("trying again");
        OwnLibvirtd.Continue();

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Start_while_libvirtd_hangs_is_answered_in_time_and_its_name_is_free_as_soon_as_libvirtd_is_back()
    {
        await BeginAsync(("libvirt:keepalive_interval", "0"), ("libvirt:call_timeout", "1s"));
        var name = NewName();
        OwnLibvirtd.Stop();

        // No keepalive ends it: without the bound this would wait for ever.
        var clock = Stopwatch.StartNew();
        AssertError(await Daemon.Client.StartAsync(Nginx.Url(Name), name), 503, "KCHLIB0001E");
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Daemon.Client.StartAsync(Nginx.Url(Name), NewName())).Prepend(
            Daemon.Client.StartAsync(Nginx.Url(Name), name)));
        foreach (var reply in replies) AssertError(reply, 503, "KCHLIB0001E");
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        OwnLibvirtd.Continue();

        Assert.That((await Daemon.Client.StartAsync(Nginx.Url(Name), name)).Status, Is.EqualTo(HttpStatusCode.OK));
        await Daemon.Client.WaitUntilCompletedAsync(name);
        await AssertCompletesAsync();
    }

    [Test]
    public async Task Health_while_libvirtd_hangs_is_told_in_time_and_is_well_as_soon_as_libvirtd_is_back()
    {
        await BeginAsync(("libvirt:keepalive_interval", "0"), ("libvirt:call_timeout", "30s"));
        OwnLibvirtd.Stop();

        var clock = Stopwatch.StartNew();
        var sick = await Daemon.Client.GetAsync("/healthz");
        Assert.That((int)sick.Status, Is.EqualTo(503), sick.Body);
        Assert.That(sick.Body, Does.Contain("\"libvirt\"").And.Contain("no answer within 5 s"));
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
        OwnLibvirtd.Continue();

        var well = await Daemon.Client.GetAsync("/healthz");
        Assert.That(well.Status, Is.EqualTo(HttpStatusCode.OK), well.Body);
        await AssertCompletesAsync();
    }

    [Test]
    public async Task Daemon_that_starts_while_libvirtd_hangs_answers_and_works_as_soon_as_libvirtd_is_back()
    {
        await BeginAsync(("libvirt:keepalive_interval", "0"), ("libvirt:call_timeout", "1s"));
        await Daemon.KillAsync();
        OwnLibvirtd.Stop();
        await Daemon.StartAsync();
        AssertError(await Daemon.Client.StartAsync(Nginx.Url(Name), NewName()), 503, "KCHLIB0001E");
        OwnLibvirtd.Continue();

        Assert.That((await Daemon.Client.GetAsync("/healthz")).Status, Is.EqualTo(HttpStatusCode.OK));
        await AssertCompletesAsync();
    }

    [Test]
    public async Task Libvirtd_that_is_killed_again_and_again_costs_nothing_and_uses_up_no_retries()
    {
        await BeginAsync(("downloads:retries", "0"));
        for (var i = 0; i < 3; i++)
        {
            OwnLibvirtd.Kill();
            await Daemon.Client.WaitForAsync(Name, _ => Daemon.Log.Split("trying again").Length > i + 1);
            OwnLibvirtd.Start();
        }

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Libvirtd_that_is_absent_at_the_start_is_waited_for_and_the_downloads_go_on_by_themselves()
    {
        await BeginAsync(("downloads:retries", "0"));
        await Daemon.KillAsync();
        OwnLibvirtd.Kill();
        await Daemon.StartAsync();
        await Daemon.WaitForLogAsync("trying again");
        AssertError(await Daemon.Client.StartAsync(Nginx.Url(Name), NewName()), 503, "KCHLIB0001E");

        OwnLibvirtd.Start();

        await AssertCompletesAsync();
    }

    [Test]
    public async Task Pool_that_is_stopped_is_waited_for()
    {
        await BeginAsync();

        OwnLibvirtd.Virsh("pool-destroy", "ISO");
        await Daemon.WaitForLogAsync("the pool is not running");
        Assert.That((await Daemon.Client.StatusAsync(Name)).Text("status"), Is.EqualTo("downloading"));
        OwnLibvirtd.Virsh("pool-start", "ISO");

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Pool_that_is_undefined_is_waited_for()
    {
        await BeginAsync();

        OwnLibvirtd.Virsh("pool-destroy", "ISO");
        OwnLibvirtd.Virsh("pool-undefine", "ISO");
        await Daemon.WaitForLogAsync("trying again");
        OwnLibvirtd.Virsh("pool-define-as", "ISO", "dir", "--target", Pool);
        OwnLibvirtd.Virsh("pool-start", "ISO");

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Pool_that_others_refresh_all_the_time_takes_the_download_and_serves_them()
    {
        await BeginAsync(("downloads:window_size", "1M"));
        var end = Daemon.Client.WaitUntilCompletedAsync(Name);
        var refreshes = 0;
        while (!end.IsCompleted)
        {
            // libvirt refuses it while a volume is made or deleted in the pool: that is told in these words, and passes.
            var (code, output) = OwnLibvirtd.TryVirsh("pool-refresh", "ISO");
            Assert.That(code == 0 || output.Contains("asynchronous jobs running", StringComparison.Ordinal), output);
            refreshes++;
        }

        await AssertCompletesAsync();
        Assert.That(refreshes, Is.GreaterThan(10));
        Assert.That(Daemon.Log, Does.Not.Contain("trying again"));
    }
}
