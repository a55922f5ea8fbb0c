using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Cli;

/// <summary>Every exit code, and the words that go with it.</summary>
public sealed class CliExitCodeTests : CliTest
{
    private const string Nobody = "65534";

    [Test]
    public async Task Failed_download_is_1()
    {
        var daemon = await StartAsync(("downloads:retries", "0"));
        await using var server = new ImageServer((_, _) => Task.FromResult(3_000_000));
        var name = NewName();
        server.Add(name, 8_000_000, seed: 1);

        var result = await RunAsync(daemon, "download", server.Url(name));

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.Contain($"{name}: failed, ").And.Contain("KCHVOL0022E: "));
    }

    [Test]
    public async Task Cancelled_download_is_1()
    {
        var daemon = await StartAsync();
        var (name, _) = NewSource(40_000_000);
        var waiting = RunAsync(daemon, "download", Nginx.Url("slow/" + name));
        await WaitUntilWatchedAsync(daemon);

        await RunWellAsync(daemon, "cancel", name);

        Assert.That((await waiting).ExitCode, Is.EqualTo(1));
        Assert.That((await waiting).Errors, Does.EndWith($"{name}: cancelled\n"));
    }

    [Test]
    public async Task Unhealthy_daemon_is_1()
    {
        using var libvirtd = new PrivateLibvirtd();
        var daemon = Prepare(libvirtd, libvirtd.NewPoolDirectory());
        await daemon.StartAsync();
        libvirtd.Kill();

        var result = await RunAsync(daemon, "health");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output, Does.Contain("libvirt: KCHLIB0001E: "));
    }

    [Test]
    public async Task Wrong_usage_is_2()
    {
        var result = await RunAsync(await StartAsync(), "download");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("URL").And.Contain("kimchi-isoctl download --help"));
    }

    [Test]
    public async Task Absent_daemon_is_3_and_the_mend_is_named()
    {
        var daemon = await StartAsync();
        await daemon.StopAsync();

        var result = await RunAsync(daemon, "list");

        Assert.That(result.ExitCode, Is.EqualTo(3));
        Assert.That(result.Errors, Does.Contain(daemon.Socket).And.Contain("systemctl start kimchi-isod"));
    }

    [Test]
    public async Task Refusal_is_4_with_the_daemons_reason()
    {
        var result = await RunAsync(await StartAsync(), "pause", "nothing.iso");

        Assert.That(result.ExitCode, Is.EqualTo(4));
        Assert.That(result.Errors, Does.StartWith("kimchi-isoctl: KCHDL0002E: "));
    }

    [Test]
    public async Task Socket_without_permission_is_5_and_the_group_is_named()
    {
        var daemon = await StartAsync();
        using var directory = new TemporaryDirectory("nobody");
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_101_101);
        File.Copy(IsodProcess.Isoctl, directory["kimchi-isoctl"]);

        var result = await Tool.RunAsync(
            "setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", directory["kimchi-isoctl"], "list"], "", Socket(daemon));

        Assert.That(result.ExitCode, Is.EqualTo(5), result.ToString());
        Assert.That(result.Errors, Does.Contain(daemon.Socket).And.Contain("usermod -aG kimchi-isod"));
    }
}
