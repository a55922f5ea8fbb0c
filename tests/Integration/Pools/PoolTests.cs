using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Pools;

/// <summary>The pool that the daemon makes, and pools that are not as they should be.</summary>
public sealed class PoolTests : IsodTest
{
    [Test]
    public async Task Daemon_makes_the_pool_and_starts_it()
    {
        using var libvirtd = new PrivateLibvirtd();
        var daemon = Prepare(libvirtd, Path.Combine(libvirtd.NewPoolDirectory(), "made", "isos"));
        await daemon.StartAsync();

        await Patience.UntilAsync(
            () => Task.FromResult(libvirtd.Virsh("pool-list", "--all").Contains("ISO", StringComparison.Ordinal)),
            () => daemon.Log);
        Assert.That(libvirtd.Virsh("pool-info", "ISO"), Does.Match("State: +running").And.Match("Autostart: +yes"));
    }

    [Test]
    public async Task Pool_that_is_stopped_is_400_and_at_the_next_start_it_is_started()
    {
        using var libvirtd = new PrivateLibvirtd();
        var daemon = Prepare(libvirtd, libvirtd.NewPoolDirectory());
        await daemon.StartAsync();
        AssertError(await daemon.Client.StatusAsync("a.iso"), 400, "KCHDL0002E");
        libvirtd.Virsh("pool-destroy", "ISO");

        AssertError(await daemon.Client.StartAsync(Nginx.Url("a.iso"), NewName()), 400, "KCHPOOL0006E");
        await daemon.StopAsync();
        await daemon.StartAsync();
        AssertError(await daemon.Client.StatusAsync("a.iso"), 400, "KCHDL0002E");

        Assert.That(libvirtd.Virsh("pool-info", "ISO"), Does.Match("State: +running"));
    }

    [Test]
    public async Task Pool_that_is_not_allowed_or_not_there_is_404()
    {
        var daemon = await StartAsync(("pools:allowed", "ISO, other"));
        foreach (var pool in new[] { "default", "other", "iso" })
        {
            foreach (var call in new[] { "", "/pause", "/resume", "/cancel", "/status" })
            {
                var body = call == "" ? """{"url":"http://host/a.iso"}""" : """{"name":"a.iso"}""";
                AssertError(
                    await daemon.Client.SendAsync(HttpMethod.Post, $"/storagepools/{pool}/storagevolumes/download{call}", body),
                    404, "KCHPOOL0002E");
            }
        }
    }

    [Test]
    public async Task Another_allowed_pool_is_used_by_its_name()
    {
        using var libvirtd = new PrivateLibvirtd();
        var path = libvirtd.NewPoolDirectory();
        libvirtd.Virsh("pool-define-as", "images", "dir", "--target", path);
        var daemon = Prepare(libvirtd, libvirtd.NewPoolDirectory(), ("pools:allowed", "images"));
        await daemon.StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 100_000);

        var reply = await daemon.Client.SendAsync(
            HttpMethod.Post, "/storagepools/images/storagevolumes/download", $$"""{"url":"{{Nginx.Url(name)}}"}""");

        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        await Patience.UntilAsync(
            () => Task.FromResult(TestFiles.FindDifference(Path.Combine(path, name), source) is null), () => daemon.Log);
    }
}
