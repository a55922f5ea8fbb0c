using System.Text;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Tests;

public sealed class ProxyTests
{
    [Test]
    public async Task Proxy_is_asked_with_its_credentials_when_it_wants_them()
    {
        await using var proxy = new WireServer(e => e.Request.Header("Proxy-Authorization").Length > 0
            ? e.ServeAsync(Http.Content)
            : e.WriteHeadAsync("407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"", "Content-Length: 0"));
        using var source = Through($"http://us%40er:p%3Aw@localhost:{proxy.Port}");

        await using var file = await source.OpenAsync(Request("http://mirror.invalid/a.iso"), CancellationToken.None);

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("us@er:p:w"));
        Assert.That(proxy.Requests[^1].Header("Proxy-Authorization"), Is.EqualTo(expected));
        Assert.That(proxy.Requests[^1].Headers.ContainsKey("Authorization"), Is.False);
    }

    [Test]
    public async Task Https_goes_through_a_tunnel_to_the_named_host()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue("mirror.invalid");
        await using var target = new WireServer(e => e.ServeAsync(Http.Content), certificate);
        await using var proxy = new WireServer(e => TunnelAsync(e, target.Port));
        using var source = Through($"http://localhost:{proxy.Port}");

        await using var file = await source.OpenAsync(Request("https://mirror.invalid/a.iso"), CancellationToken.None);

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(proxy.Requests.Single().Method, Is.EqualTo("CONNECT"));
        Assert.That(proxy.Requests.Single().Target, Is.EqualTo("mirror.invalid:443"));
    }

    [Test]
    public async Task Socks_proxy_resolves_the_name_and_gets_its_credentials()
    {
        await using var target = new WireServer(e => e.ServeAsync(Http.Content));
        await using var proxy = new SocksServer(target.Port);
        using var source = Through($"socks5://us%40er:pw@127.0.0.1:{proxy.Port}");

        await using var file = await source.OpenAsync(Request("http://mirror.invalid/a.iso"), CancellationToken.None);

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(proxy.User, Is.EqualTo("us@er:pw"));
        Assert.That(proxy.Host, Is.EqualTo("mirror.invalid"));
    }

    [TestCase("407 Proxy Authentication Required", false)]
    [TestCase("502 Bad Gateway", true)]
    public async Task Proxy_that_does_not_connect_is_named_without_its_password(string status, bool isTransient)
    {
        await using var proxy = new WireServer(e => e.WriteHeadAsync(status, "Content-Length: 0"));
        using var source = Through($"http://user:secret@localhost:{proxy.Port}");

        var failure = await Assert.ThrowsAsync<Core.Errors.DownloadException>(
            () => source.OpenAsync(Request("https://mirror.invalid/a.iso"), CancellationToken.None));

        Assert.That(failure!.IsTransient, Is.EqualTo(isTransient));
        Assert.That(failure.Message, Does.Contain("network:proxy").And.Not.Contain("secret"));
    }

    [TestCase("http://mirror.invalid/a.iso")]
    [TestCase("https://mirror.invalid/a.iso")]
    public async Task Proxy_that_is_away_is_named_and_not_the_server(string url)
    {
        var port = LoopbackPorts.FindFree();
        using var source = Through($"http://user:secret@127.0.0.1:{port}");

        var failure = await Assert.ThrowsAsync<Core.Errors.DownloadException>(() => source.OpenAsync(Request(url), CancellationToken.None));

        Assert.That(failure!.IsTransient);
        Assert.That(failure.Message, Does.Contain($"the proxy 127.0.0.1:{port} cannot be reached").And.Not.Contain("secret"));
    }

    [TestCase("http://a.example/", null, "http://plain:1/")]
    [TestCase("https://a.example/", null, "http://secure:2/")]
    [TestCase("http://127.0.0.1/", null, null)]
    [TestCase("http://localhost/", null, null)]
    [TestCase("http://a.example/", "example", null)]
    [TestCase("http://a.example/", ".example", null)]
    [TestCase("http://A.Example/", "b, a.EXAMPLE ,c", null)]
    [TestCase("http://ba.example/", "a.example", "http://plain:1/")]
    [TestCase("http://a.example/", "*", null)]
    [TestCase("http://10.1.2.3/", "10.0.0.0/8", null)]
    [TestCase("http://10.1.2.3/", "10.1.2.3", null)]
    [TestCase("http://11.1.2.3/", "10.0.0.0/8", "http://plain:1/")]
    [TestCase("http://[fd00::1]/", "fd00::/8", null)]
    [TestCase("http://[fd00::1]/", "[fd00::1]", null)]
    [TestCase("http://[fd00::1]/", "fd00::1", null)]
    [TestCase("https://[fd00::1]/", "[fd00::1]:443", null)]
    [TestCase("http://[fd00::1]/", "[fd00::1]:443", "http://plain:1/")]
    [TestCase("https://[fd00::2]/", "[fd00::1]:443", "http://secure:2/")]
    [TestCase("http://a.example:8080/", "example:8080", null)]
    [TestCase("http://a.example/", "example:8080", "http://plain:1/")]
    [TestCase("http://10.1.2.3/", "10.1.2.3:80", null)]
    [TestCase("http://10.1.2.3/", "[10.1.2.3", "http://plain:1/")]
    [TestCase("http://a.example/", "example:x", "http://plain:1/")]
    public void Environment_decides_where_nothing_is_configured(string url, string? noProxy, string? proxy)
    {
        var rules = ProxyRules.Create(new NetworkOptions(), Environment(
            ("http_proxy", "http://user:secret@plain:1"), ("HTTP_PROXY", "http://cgi:9"), ("HTTPS_PROXY", "secure:2"), ("NO_PROXY", noProxy)));

        Assert.That(rules.GetProxy(new Uri(url))?.AbsoluteUri, Is.EqualTo(proxy));
        Assert.That(rules.IsBypassed(new Uri(url)), Is.EqualTo(proxy is null));
    }

    [Test]
    public void Environment_may_name_one_proxy_for_all()
    {
        var rules = ProxyRules.Create(new NetworkOptions(), Environment(("ALL_PROXY", "socks5h://u:p@socks:1080")));

        Assert.That(rules.GetProxy(new Uri("https://a.example/"))?.AbsoluteUri, Is.EqualTo("socks5://socks:1080/"));
        Assert.That(rules.Credentials!.GetCredential(new Uri("socks5://socks:1080"), "")!.Password, Is.EqualTo("p"));
        Assert.That(rules.Credentials.GetCredential(new Uri("http://other:1080"), "Basic"), Is.Null);
    }

    [TestCase("socks5://socks", "socks5://socks:1080/")]
    [TestCase("ftp://proxy:3128", null)]
    [TestCase("file:///proxy", null)]
    [TestCase("file://\u200e", null)]
    [TestCase("proxy:0", null)]
    [TestCase("http://%:%@[::%@[::1]", null)]
    public void Proxy_of_the_environment_is_taken_where_it_is_one(string address, string? taken)
    {
        var rules = ProxyRules.Create(new NetworkOptions(), Environment(("http_proxy", address)));

        Assert.That(rules.GetProxy(new Uri("http://a.example/"))?.AbsoluteUri, Is.EqualTo(taken));
    }

    // An attribute cannot hold half of a character.
    [Test]
    public void Proxy_with_half_a_character_is_none() => Proxy_of_the_environment_is_taken_where_it_is_one("http://pro\udc00xy", null);

    [Test]
    public void Configuration_comes_before_the_environment()
    {
        var options = new NetworkOptions { Proxy = new Uri("http://own:3128"), NoProxy = ["b.example"] };
        var rules = ProxyRules.Create(options, Environment(("http_proxy", "http://plain:1"), ("no_proxy", "*")));

        Assert.That(rules.GetProxy(new Uri("http://a.example/"))?.Host, Is.EqualTo("own"));
        Assert.That(rules.GetProxy(new Uri("https://a.example/"))?.Host, Is.EqualTo("own"));
        Assert.That(rules.GetProxy(new Uri("http://127.0.0.1/"))?.Host, Is.EqualTo("own"));
        Assert.That(rules.GetProxy(new Uri("http://x.b.example/")), Is.Null);
    }

    private static RemoteSource Through(string proxy) =>
        new(new NetworkOptions { Proxy = new Uri(proxy), NoProxy = ["none.invalid"], InsecureTls = true }, TimeProvider.System);

    private static RemoteRequest Request(string url) => new(RemoteUrl.Parse(url), null);

    private static Func<string, string?> Environment(params (string Name, string? Value)[] variables) =>
        name => variables.FirstOrDefault(v => v.Name == name).Value;

    /// <summary>Answers CONNECT, and carries bytes to a port on loopback and back until one side ends.</summary>
    internal static async Task TunnelAsync(WireExchange exchange, int port)
    {
        using var target = new System.Net.Sockets.TcpClient();
        await target.ConnectAsync("127.0.0.1", port, exchange.Stopped);
        await exchange.WriteHeadAsync("200 OK");
        var up = exchange.Stream.CopyToAsync(target.GetStream(), exchange.Stopped);
        var down = target.GetStream().CopyToAsync(exchange.Stream, exchange.Stopped);
        if (await Task.WhenAny(up, down) == down)
        {
            exchange.EndSending();
            await up;
        }

        exchange.Close();
    }
}
