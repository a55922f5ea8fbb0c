using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Systemd;

/// <summary>The daemon started by a connection, by systemd's own tool.</summary>
public sealed class SocketActivationTests : IsodTest
{
    private const int BadConfiguration = 78;

    [Test]
    public async Task First_connection_starts_the_daemon_which_serves_on_the_socket_that_it_is_given()
    {
        using var systemd = new NotifySocket();
        var daemon = Prepare();
        daemon.Environment["NOTIFY_SOCKET"] = systemd.Path;
        daemon.Launcher = ["systemd-socket-activate", "--setenv=NOTIFY_SOCKET", $"--listen={daemon.Socket}"];
        daemon.StartWithoutWaiting();
        await Patience.UntilAsync(() => Task.FromResult(File.Exists(daemon.Socket)), () => daemon.Log);
        Assert.That(daemon.Log, Does.Not.Contain("[301]"), "nobody has connected yet");
        var (name, source) = (NewName(), "");
        source = Nginx.AddFile(name, 3_000_000);

        await daemon.Client.StartAsync(Nginx.Url(name), name);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        await systemd.WaitForAsync("READY=1");
        await daemon.WaitForLogAsync("answers on the socket that systemd gave");
        Assert.That((await daemon.StopAsync()).ExitCode, Is.Zero);
        Assert.That(File.Exists(daemon.Socket), "the socket is systemd's: connections after the stop start the daemon again");
    }

    [Test]
    public async Task Socket_that_anybody_could_connect_to_is_refused()
    {
        var port = LoopbackPorts.FindFree();
        var daemon = Prepare();
        daemon.Launcher = ["systemd-socket-activate", $"--listen=127.0.0.1:{port}"];
        daemon.StartWithoutWaiting();
        await Patience.UntilAsync(() => Task.FromResult(LoopbackPorts.Answers(port)), () => daemon.Log);

        Assert.That(await daemon.WaitForExitAsync(), Is.EqualTo(BadConfiguration));
        Assert.That(daemon.Log, Does.Contain("no Unix stream socket"));
    }
}
