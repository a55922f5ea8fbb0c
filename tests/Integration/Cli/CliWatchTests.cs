using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>Following downloads.</summary>
public sealed class CliWatchTests : CliTest
{
    [Test]
    public async Task Restart_of_the_daemon_is_waited_out()
    {
        var daemon = await StartAsync();
        var (name, source) = NewSource(16_000_000);
        var waiting = RunAsync(daemon, "download", Nginx.Url("slow/" + name));
        await WaitUntilWatchedAsync(daemon);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);

        await daemon.KillAsync();
        await daemon.StartAsync();

        var result = await waiting;
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Errors, Does.Contain("the daemon is away").And.EndWith($"{name}: completed, 15.3 MiB\n"));
        AssertSame(name, source);
    }

    [Test]
    public async Task Watch_of_what_is_over_tells_how_it_ended()
    {
        var daemon = await StartAsync();
        var (name, _) = NewSource();
        await RunWellAsync(daemon, "download", "--quiet", Nginx.Url(name));

        var result = await RunAsync(daemon, "watch", name);

        Assert.That(result, Is.EqualTo(new ToolResult(0, "", $"{name}: completed, 2.9 MiB\n")));
    }

    [Test]
    public async Task Watch_of_everything_shows_what_comes_until_it_is_interrupted()
    {
        var daemon = await StartAsync();
        var (name, _) = NewSource();
        using var terminal = new Terminal(80, $"{IsodProcess.Isoctl} watch --json", Socket(daemon));
        await WaitUntilWatchedAsync(daemon);

        await daemon.Client.StartAsync(Nginx.Url(name), name);
        await terminal.WaitForAsync("\"status\":\"completed\"");
        terminal.Type("\u0003");

        Assert.That(await terminal.WaitForExitAsync(), Is.EqualTo(130));
    }
}
