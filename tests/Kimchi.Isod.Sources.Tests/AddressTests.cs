using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

public sealed class AddressTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");
    private static readonly IPNetwork Loopback6 = IPNetwork.Parse("::1/128");

    [TestCase("http://127.0.0.1:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://127.1:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://2130706433:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://0x7f000001:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://0177.0.0.1:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://[::ffff:127.0.0.1]:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://127.0.0.1.:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://１２７.0.0.１:PORT/a.iso", "127.0.0.1")]
    [TestCase("http://[::127.0.0.1]:PORT/a.iso", "127.0.0.0/8")]
    [TestCase("http://[64:ff9b::7f00:1]:PORT/a.iso", "127.0.0.0/8")]
    [TestCase("http://[2002:7f00:1::]:PORT/a.iso", "127.0.0.0/8")]
    [TestCase("http://localhost:PORT/a.iso", "localhost")]
    public async Task Denied_network_is_not_connected_to(string url, string words)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content), Deny(Loopback, Loopback6));
        var failure = await http.FailAsync(At(url, http.Server.Port));

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain(words).And.Contain("network:deny_networks"));
        Assert.That(http.Server.ConnectionCount, Is.Zero);
    }

    // Linux connects to itself.
    [TestCase("http://0.0.0.0:PORT/a.iso")]
    [TestCase("http://0:PORT/a.iso")]
    [TestCase("http://0x0:PORT/a.iso")]
    [TestCase("http://[::]:PORT/a.iso")]
    [TestCase("http://[::ffff:0.0.0.0]:PORT/a.iso")]
    [TestCase("ftp://0.0.0.0:PORT/a.iso")]
    [TestCase("ftp://[::]:PORT/a.iso")]
    public async Task Address_of_no_destination_is_not_connected_to_with_nothing_denied(string url)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content), Deny());
        var failure = await http.FailAsync(At(url, http.Server.Port));

        Assert.That(failure.Message, Does.Contain("nothing can be reached at"));
        Assert.That(http.Server.ConnectionCount, Is.Zero);
    }

    [Test]
    public async Task Redirect_into_a_denied_network_is_not_followed()
    {
        await using var inside = new WireServer(e => e.ServeAsync(Http.Content), null, IPAddress.Parse("127.0.0.2"));
        await using var http = new Http(
            e => e.WriteHeadAsync("302 Found", $"Location: http://127.0.0.2:{inside.Port}/a.iso", "Content-Length: 0"),
            Deny(IPNetwork.Parse("127.0.0.2/32")));

        var failure = await http.FailAsync();

        Assert.That(failure.Message, Does.Contain("127.0.0.2, which is in the denied network 127.0.0.2/32"));
        Assert.That(inside.ConnectionCount, Is.Zero);
    }

    [Test]
    public async Task Name_with_a_denied_and_a_permitted_address_is_reached_by_the_permitted()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content), Deny(Loopback6));

        Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Proxy_may_be_in_a_denied_network_but_its_target_may_not()
    {
        await using var proxy = new WireServer(e => e.ServeAsync(Http.Content));
        var options = new NetworkOptions { Proxy = new Uri($"http://127.0.0.1:{proxy.Port}"), DenyNetworks = [Loopback, IPNetwork.Parse("10.0.0.0/8")] };
        using var source = new RemoteSource(options, TimeProvider.System);

        await using (await source.OpenAsync(At("http://mirror.invalid/a.iso", 0), CancellationToken.None))
        {
            Assert.That(proxy.Requests.Single().Target, Is.EqualTo("http://mirror.invalid/a.iso"));
        }

        await Assert.ThatAsync(
            () => source.OpenAsync(At("http://10.1.2.3/a.iso", 0), CancellationToken.None),
            Throws.TypeOf<DownloadException>().With.Message.Contains("10.0.0.0/8"));
        Assert.That(proxy.Requests, Has.Count.EqualTo(1));
    }

    private static NetworkOptions Deny(params IPNetwork[] networks) => new() { NoProxy = ["*"], DenyNetworks = networks };

    private static RemoteRequest At(string url, int port) =>
        new(RemoteUrl.Parse(url.Replace("PORT", $"{port}", StringComparison.Ordinal)), null);
}
