using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>DNS, TCP, TLS, proxies and denied networks.</summary>
public sealed class ConnectionTests : SourceTest
{
    [TestCase("http://no-such-host.invalid/a.iso", "is not known", true)]
    [TestCase("http://127.0.0.1:1/a.iso", "refused", true)]
    [TestCase("ftp://127.0.0.1/a.iso", "cannot read ftp", false)]
    public void Host_out_of_reach_is_told_in_words(string url, string reason, bool isTransient)
    {
        using var source = new RemoteSource(Quick, TimeProvider.System);

        var failure = Refused(() => source.OpenAsync(new RemoteRequest(RemoteUrl.Parse(url), null), CancellationToken.None));

        Assert.That(failure.Message, Does.Contain(reason));
        Assert.That((failure.Kind, failure.IsTransient), Is.EqualTo((DownloadErrorKind.RemoteUnreadable, isTransient)));
    }

    [Test]
    public async Task Certificate_of_the_administrators_authority_is_trusted()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        using var directory = new TemporaryDirectory("ca");
        await File.WriteAllTextAsync(directory["ca.pem"], authority.Pem);
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content), certificate);

        Assert.That(await ReadAllAsync(await OpenAsync(server, Quick with { CaFile = directory["ca.pem"] })), Is.EqualTo(Content));
        Assert.That(Refused(() => OpenAsync(server)).Message, Does.Contain("network:ca_file"));
    }

    [TestCase("elsewhere.test", false, "another host name")]
    [TestCase("localhost", true, "expired")]
    public async Task Certificate_that_does_not_fit_is_refused_though_its_authority_is_trusted(string host, bool isExpired, string reason)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue(host, isExpired);
        using var directory = new TemporaryDirectory("ca");
        await File.WriteAllTextAsync(directory["ca.pem"], authority.Pem);
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content), certificate);

        var failure = Refused(() => OpenAsync(server, Quick with { CaFile = directory["ca.pem"] }));

        Assert.That(failure.Message, Does.Contain(reason));
        Assert.That(failure.IsTransient, Is.False);
    }

    [Test]
    public void File_of_authorities_that_cannot_be_used_is_named()
    {
        Assert.That(
            () => new RemoteSource(Quick with { CaFile = "/nowhere/ca.pem" }, TimeProvider.System),
            Throws.InstanceOf<IOException>().With.Message.Contains("network:ca_file: /nowhere/ca.pem"));
    }

    [Test]
    public async Task Denied_network_is_not_connected_to([Values("127.0.0.0/8", "0.0.0.0/0")] string network)
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content));
        var options = Quick with { DenyNetworks = [IPNetwork.Parse(network), IPNetwork.Parse("::/0")] };

        foreach (var host in new[] { "localhost", "127.0.0.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]" })
        {
            using var source = new RemoteSource(options, TimeProvider.System);
            var url = RemoteUrl.Parse($"http://{host}:{server.Address.Port}/a.iso");
            var failure = Refused(() => source.OpenAsync(new RemoteRequest(url, null), CancellationToken.None));
            Assert.That(failure.Message, Does.Contain("network:deny_networks"), host);
        }

        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Proxy_of_the_configuration_gets_the_request_with_its_credentials()
    {
        await using var proxy = new ScriptedHttpServer(e => e.Request.Header("Proxy-Authorization") == "Basic cHJveHk6c2VjcmV0"
            ? e.ServeAsync(Content)
            : e.WriteHeadAsync("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=x", "Content-Length: 0"));
        var address = new Uri(proxy.Address.AbsoluteUri.Replace("://", "://proxy:secret@"));
        using var source = new RemoteSource(Quick with { Proxy = address }, TimeProvider.System);

        var file = await source.OpenAsync(
            new RemoteRequest(RemoteUrl.Parse("http://images.test/a.iso"), null), CancellationToken.None);

        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content));
        Assert.That(proxy.Requests[^1].Target, Is.EqualTo("http://images.test/a.iso"));
    }

    [TestCase("images.test", true)]
    [TestCase("test", true)]
    [TestCase(".test", true)]
    [TestCase("*", true)]
    [TestCase("mages.test", false)]
    [TestCase("images.test.org", false)]
    public void Name_without_a_proxy_stands_for_all_below_it(string exception, bool isBypassed)
    {
        var rules = ProxyRules.Create(new NetworkOptions { Proxy = new Uri("http://proxy:3128"), NoProxy = [exception] });

        Assert.That(rules.IsBypassed(new Uri("http://images.test/a.iso")), Is.EqualTo(isBypassed));
        Assert.That(rules.GetProxy(new Uri("http://images.test/a.iso")) is null, Is.EqualTo(isBypassed));
    }

    [TestCase("10.0.0.0/8", true)]
    [TestCase("10.1.2.3", true)]
    [TestCase("10.1.2.4", false)]
    public void Network_without_a_proxy_stands_for_its_addresses(string exception, bool isBypassed)
    {
        var rules = ProxyRules.Create(new NetworkOptions { Proxy = new Uri("http://proxy:3128"), NoProxy = [exception] });

        Assert.That(rules.IsBypassed(new Uri("http://10.1.2.3/a.iso")), Is.EqualTo(isBypassed));
    }
}
