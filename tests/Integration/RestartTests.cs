using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>The daemon stops, dies and starts again; libvirtd too.</summary>
public sealed class RestartTests : IsodTest
{
    [Test]
    public async Task Download_that_ran_when_the_daemon_stopped_goes_on_when_it_starts()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 24_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 4_000_000);

        var (exitCode, took) = await daemon.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
        await daemon.StartAsync();
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        var last = Nginx.AccessLog.Last(e => e.Uri.EndsWith(name, StringComparison.Ordinal));
        Assert.That(last.Bytes, Is.LessThanOrEqualTo(20_000_000), "what was stored is not fetched again");
    }

    [Test]
    public async Task Paused_download_stays_paused()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 16_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);
        await daemon.Client.PauseAsync(name);
        var before = await daemon.Client.StatusAsync(name);

        await daemon.StopAsync();
        await daemon.StartAsync();

        Assert.That((await daemon.Client.StatusAsync(name)).Body, Is.EqualTo(before.Body));
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Daemon_killed_at_many_moments_ends_with_the_right_bytes()
    {
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        var name = NewName();
        var source = Nginx.AddFile(name, 16_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        long stored = 0;
        for (var i = 1; i <= 5; i++)
        {
            var status = await daemon.Client.WaitForBytesAsync(name, stored + 1_000_000);
            stored = status.Number("downloaded_size");
            await daemon.KillAsync();
            await daemon.StartAsync();
            Assert.That((await daemon.Client.StatusAsync(name)).Number("downloaded_size"), Is.GreaterThanOrEqualTo(stored));
        }

        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
    }

    [Test]
    public async Task Libvirtd_killed_in_the_middle_and_back_costs_nothing()
    {
        using var libvirtd = new PrivateLibvirtd();
        var pool = libvirtd.NewPoolDirectory();
        var daemon = Prepare(libvirtd, pool);
        await daemon.StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 24_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);

        libvirtd.Kill();
        AssertUnreachable(await daemon.Client.StartAsync(Nginx.Url(name), NewName()));
        libvirtd.Start();
        await daemon.Client.WaitUntilCompletedAsync(name);

        Assert.That(TestFiles.FindDifference(Path.Combine(pool, name), source), Is.Null);
    }

    [Test]
    public async Task Stop_while_libvirtd_hangs_is_in_time_and_in_order_and_the_download_goes_on()
    {
        using var libvirtd = new PrivateLibvirtd();
        var pool = libvirtd.NewPoolDirectory();
        var daemon = Prepare(libvirtd, pool);
        await daemon.StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 24_000_000);
        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);

        libvirtd.Stop();
        var (exitCode, took) = await daemon.StopAsync();
        libvirtd.Continue();

        Assert.That(exitCode, Is.Zero, daemon.Log);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(daemon.Log, Does.Contain("did not stop in time").And.Not.Contain("Unhandled exception"));
        await daemon.StartAsync();
        await daemon.Client.WaitUntilCompletedAsync(name);
        Assert.That(TestFiles.FindDifference(Path.Combine(pool, name), source), Is.Null);
    }

    [Test]
    public async Task Daemon_without_libvirt_starts_and_answers_503_until_libvirt_is_there()
    {
        using var libvirtd = new PrivateLibvirtd();
        libvirtd.Kill();
        var daemon = Prepare(libvirtd, libvirtd.NewPoolDirectory());
        await daemon.StartAsync();
        var name = NewName();
        Nginx.AddFile(name, 1000);

        AssertUnreachable(await daemon.Client.StartAsync(Nginx.Url(name), name));
        AssertError(await daemon.Client.StatusAsync(name), 400, "KCHDL0002E");
        libvirtd.Start();

        Assert.That((await daemon.Client.StartAsync(Nginx.Url(name), name)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    private static void AssertUnreachable(ApiReply reply)
    {
        AssertError(reply, 503, "KCHLIB0001E");
        Assert.That(reply.Headers, Contains.Key("Retry-After"));
    }
}
