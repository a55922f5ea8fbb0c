using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Systemd;

/// <summary>What the daemon tells systemd: sd_notify(3).</summary>
public sealed class NotificationTests : IsodTest
{
    [Test]
    public async Task Systemd_hears_that_it_is_ready_what_it_does_and_that_it_stops()
    {
        using var systemd = new NotifySocket();
        var daemon = Prepare();
        daemon.Environment["NOTIFY_SOCKET"] = systemd.Path;
        daemon.StartWithoutWaiting();
        Assert.That(await systemd.WaitForAsync("READY=1"), Has.None.StartsWith("STOPPING"));
        Assert.That(await daemon.Client.AnswersAsync(), "ready means that it answers");
        var (name, paused) = (NewName(), NewName());
        Nginx.AddFile(name, 16_000_000);

        await daemon.Client.StartAsync(Nginx.Url("slow/" + name), name);
        await systemd.WaitForAsync($"STATUS=1 downloading ({name} ");
        await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name = paused, start_paused = true });
        await systemd.WaitForAsync($"STATUS=1 downloading ({name} ");
        await daemon.Client.CancelAsync(name);
        await systemd.WaitForAsync("STATUS=1 paused");
        await daemon.Client.CancelAsync(paused);
        await systemd.WaitForAsync("STATUS=idle");

        await daemon.StopAsync();
        await systemd.WaitForAsync("STOPPING=1");
    }

    [Test]
    public async Task Watchdog_is_told_again_and_again_that_the_daemon_lives()
    {
        using var systemd = new NotifySocket();
        var daemon = Prepare();
        daemon.Environment["NOTIFY_SOCKET"] = systemd.Path;
        daemon.Environment["WATCHDOG_USEC"] = "300000";
        daemon.StartWithoutWaiting();

        for (var i = 0; i < 3; i++) await systemd.WaitForAsync("WATCHDOG=1");
    }

    [Test]
    public async Task Nothing_is_told_where_nobody_listens()
    {
        var daemon = Prepare();
        daemon.Environment["NOTIFY_SOCKET"] = null;
        await daemon.StartAsync();

        Assert.That((await daemon.StopAsync()).ExitCode, Is.Zero);
    }
}
