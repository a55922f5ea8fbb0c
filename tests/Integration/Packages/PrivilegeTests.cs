using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>The packaged daemon as the unprivileged user that it is: what it can do, and what it is denied.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class PrivilegeTests : IDisposable
{
    private const string Libvirt = "storage:///system";

    private readonly PackagedHost _host = new();

    public void Dispose()
    {
        if (TestContext.CurrentContext.Result.FailCount > 0) TestContext.Out.WriteLine(_host.Log);
        _host.Dispose();
    }

    [Test]
    public async Task Through_the_polkit_rule_it_downloads_with_no_group_but_its_own()
    {
        _host.StartPolkit();
        _host.StartLibvirtd();
        await _host.StartDaemonAsync();

        await DownloadAsync();
    }

    [Test]
    public async Task Without_the_rule_libvirt_denies_it_and_the_reply_says_what_it_needs()
    {
        File.Delete(_host["/usr/share/polkit-1/rules.d/60-kimchi-isod.rules"]);
        _host.StartPolkit();
        _host.StartLibvirtd();
        await _host.StartDaemonAsync();

        var reply = await _host.Client.StartAsync(Servers.Nginx.Url("any.iso"), "any.iso");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable), reply.Body);
        Assert.That(reply.Text("reason"), Does.Contain("its user needs the group 'libvirt' or a polkit rule"));
        Assert.That(_host.Log, Does.Contain("its user needs the group 'libvirt' or a polkit rule"));
    }

    [Test]
    public void The_rule_lets_in_nobody_else()
    {
        _host.StartPolkit();
        _host.StartLibvirtd();

        Assert.That(Virsh(PackagedHost.User, "pool-list").Code, Is.Zero);
        var (code, output) = Virsh("nobody", "pool-list");
        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain("org.libvirt.unix.manage"));
    }

    [Test]
    public async Task With_libvirts_access_driver_it_downloads_and_every_other_call_is_denied()
    {
        _host.StartPolkit();
        _host.StartLibvirtd("access_drivers = [ \"polkit\" ]");
        await _host.StartDaemonAsync();

        var name = await DownloadAsync();

        Assert.That(Virsh("root", "pool-define-as", "other", "dir", "--target", "/var/lib/other").Code, Is.Zero);
        string[][] others =
        [
            ["pool-destroy", "ISO"], ["pool-undefine", "ISO"], ["vol-wipe", name, "ISO"],
            ["pool-build", "other"], ["pool-start", "other"], ["pool-define-as", "another", "dir", "--target", "/etc"],
        ];
        foreach (var call in others)
        {
            var (code, output) = Virsh(PackagedHost.User, call);
            Assert.That(code, Is.Not.Zero, call[0]);
            Assert.That(output, Does.Contain("access denied"), string.Join(' ', call));
        }
    }

    [Test]
    public async Task Where_libvirt_does_without_polkit_the_group_libvirt_lets_it_in()
    {
        _host.StartLibvirtd("auth_unix_rw = \"none\"", "unix_sock_group = \"libvirt\"", "unix_sock_rw_perms = \"0770\"");
        Assert.That(Virsh(PackagedHost.User, "pool-list").Output, Does.Contain("Permission denied"));
        await _host.StartDaemonAsync(groups: "libvirt");

        await DownloadAsync();
    }

    [Test]
    public async Task Its_socket_is_for_the_members_of_its_group()
    {
        _host.StartLibvirtd("auth_unix_rw = \"none\"");
        await _host.StartDaemonAsync();

        var (code, output) = _host.TryRunAs("nobody", "", "kimchi-isoctl", "list");
        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain("group").IgnoreCase, "it says what is missing");
        (code, output) = _host.TryRunAs("nobody", PackagedHost.User, "kimchi-isoctl", "list");
        Assert.That(code, Is.Zero, output);
    }

    // Returns the name of what was downloaded.
    private async Task<string> DownloadAsync()
    {
        var name = $"{Guid.NewGuid():N}.iso"[4..];
        var source = Servers.Nginx.AddFile(name, 3_000_000);

        var reply = await _host.Client.StartAsync(Servers.Nginx.Url(name), name);

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        await _host.Client.WaitUntilCompletedAsync(name);
        Assert.That(TestFiles.FindDifference(Path.Combine(_host.Pool, name), source), Is.Null);
        Assert.That(Virsh("root", "vol-list", "ISO").Output, Does.Contain(name));
        return name;
    }

    private (int Code, string Output) Virsh(string user, params string[] arguments) =>
        _host.TryRunAs(user, "", ["virsh", "-q", "-c", Libvirt, .. arguments]);
}
