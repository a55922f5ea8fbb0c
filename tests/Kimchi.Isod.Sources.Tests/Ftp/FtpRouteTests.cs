using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Ftp;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>The ways to a server: IPv6, and proxies.</summary>
[CancelAfter(60_000)]
public sealed class FtpRouteTests
{
    [Test]
    public async Task Ipv6_is_as_good_as_ipv4()
    {
        if (!Socket.OSSupportsIPv6) Assert.Ignore("this machine has no IPv6");
        await using var server = new ScriptedFtpServer(new FtpScript(Http.Content), IPAddress.IPv6Loopback);
        using var source = new RemoteSource(FtpWire.Direct, TimeProvider.System);

        await using var file = await source.OpenAsync(Request($"ftp://[::1]:{server.Port}/a.iso"), CancellationToken.None);

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(server.Commands, Does.Contain("EPSV").And.Not.Contain("PASV"));
    }

    [Test]
    public async Task Http_proxy_makes_a_tunnel_for_commands_and_one_for_data()
    {
        await using var server = new ScriptedFtpServer(new FtpScript(Http.Content));
        await using var proxy = new WireServer(e => ProxyTests.TunnelAsync(e, int.Parse(e.Request.Target.Split(':')[1], null)));
        using var source = Through($"http://us%40er:pw@127.0.0.1:{proxy.Port}");

        await using var file = await source.OpenAsync(Request($"ftp://mirror.invalid:{server.Port}/a.iso"), CancellationToken.None);

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(proxy.Requests.Select(r => r.Method), Is.EqualTo(new[] { "CONNECT", "CONNECT" }));
        Assert.That(proxy.Requests.Select(r => r.Target), Has.All.StartWith("mirror.invalid:"), "the proxy looks the name up");
    }

    [Test]
    public async Task Servers_words_are_told_without_the_proxys()
    {
        await using var server = new ScriptedFtpServer(FtpWire.Answering("", "421 Too many users."));
        await using var proxy = new WireServer(e => ProxyTests.TunnelAsync(e, server.Port));
        using var source = Through($"http://127.0.0.1:{proxy.Port}");

        var failure = await Assert.ThrowsAsync<DownloadException>(
            () => source.OpenAsync(Request("ftp://mirror.invalid/a.iso"), CancellationToken.None));

        Assert.That(failure!.Message, Does.Contain("'421 Too many users.'"));
    }

    [TestCase("407 Proxy Authentication Required", false)]
    [TestCase("502 Bad Gateway", true)]
    public async Task Proxy_that_does_not_connect_is_named_without_its_password(string status, bool isTransient)
    {
        await using var proxy = new WireServer(e => e.WriteHeadAsync(status, "Content-Length: 0"));
        using var source = Through($"http://user:secret@127.0.0.1:{proxy.Port}");

        var failure = await Assert.ThrowsAsync<DownloadException>(
            () => source.OpenAsync(Request("ftp://mirror.invalid/a.iso"), CancellationToken.None));

        Assert.That(failure!.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
        Assert.That(failure.Message, Does.Contain("network:proxy").And.Not.Contain("secret"));
    }

    private static RemoteSource Through(string proxy) =>
        new(new NetworkOptions { Proxy = new Uri(proxy), NoProxy = ["none.invalid"], FtpTls = FtpTls.Never }, TimeProvider.System);

    private static RemoteRequest Request(string url) => new(RemoteUrl.Parse(url), null);
}
