using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

public sealed class RedirectTests
{
    private static readonly Credentials User = new("jürgen", "p:w");
    private static readonly string UserHeader = Basic("jürgen:p:w");

    [TestCase("301 Moved Permanently")]
    [TestCase("302 Found")]
    [TestCase("303 See Other")]
    [TestCase("307 Temporary Redirect")]
    [TestCase("308 Permanent Redirect")]
    public async Task Redirect_is_followed_with_the_range_and_its_target_told(string status)
    {
        await using var http = new Http(e => e.Request.Target == "/a.iso"
            ? e.WriteHeadAsync(status, "Location: /dir/../b.iso?x=1#fragment", "Content-Length: 0")
            : e.ServeAsync(Http.Content));

        await using var file = await http.OpenAsync();

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(file.Info.FinalUrl.Uri, Is.EqualTo(new Uri(http.Server.Address, "b.iso?x=1")));
        Assert.That(file.Info.NameCandidates, Is.EqualTo(new[] { "a.iso", "b.iso" }));
        Assert.That(http.Server.Requests.Select(r => r.Target), Is.EqualTo(new[] { "/a.iso", "/b.iso?x=1" }));
        Assert.That(http.Server.Requests.Select(r => r.RangeStart), Is.All.Null);
    }

    [TestCase("b.iso", "/dir/b.iso")]
    [TestCase("?x", "/dir/a.iso?x")]
    [TestCase("../b.iso", "/b.iso")]
    [TestCase("/b c.iso", "/b%20c.iso")]
    [TestCase("/日.iso", "/%E6%97%A5.iso")]
    [TestCase("//localhost:PORT/b.iso", "/b.iso")]
    [TestCase("//localhost:PORT/日.iso", "/%E6%97%A5.iso")]
    [TestCase("//ｌｏｃａｌｈｏｓｔ:PORT/b.iso", "/b.iso")]
    [TestCase("http://１２７。０．０.1:PORT/b.iso", "/b.iso")]
    [TestCase("HTTP://LOCALHOST:PORT/b.iso", "/b.iso")]
    public async Task Location_may_be_relative(string location, string target)
    {
        await using var http = new Http(e => e.Request.Target == "/dir/a.iso" ? Move(e, location) : e.ServeAsync(Http.Content));

        await http.DownloadAsync(new RemoteRequest(http.Url("dir/a.iso"), null));

        Assert.That(http.Server.Requests[^1].Target, Is.EqualTo(target));
    }

    [TestCase("file:///etc/passwd", "not followed")]
    [TestCase("file://\u200e", "no address")]
    [TestCase("ftp://localhost/a.iso", "ftp URL")]
    [TestCase("data:text/plain,abc", "not followed")]
    [TestCase("javascript:0", "not followed")]
    [TestCase("http://", "no address")]
    [TestCase("http://[::1", "no address")]
    public async Task Other_targets_are_refused(string location, string words)
    {
        await using var http = new Http(e => Move(e, location));

        var failure = await http.FailAsync();

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain(words));
    }

    [TestCase("/caf\u00e9.iso?\u00fc", "/caf%E9.iso?%FC")]
    [TestCase("/voil\u00c3\u00a0", "/voil%C3%A0")]
    [TestCase("/caf\u00e9/%5B%e9.iso", "/caf%E9/%5B%e9.iso")]
    public async Task Bytes_of_a_location_that_are_not_utf8_are_sent_back_as_they_are(string location, string target)
    {
        await using var http = new Http(e => e.Request.Target == "/a.iso"
            ? e.WriteHeadAsync("302 Found", $"Location: {location}", "Content-Length: 0")
            : e.ServeAsync(Http.Content));

        await http.DownloadAsync();

        Assert.That(http.Server.Requests[^1].Target, Is.EqualTo(target));
    }

    [Test]
    public async Task Two_equal_locations_are_one_and_two_others_are_none()
    {
        await using var http = new Http(e => e.Request.Target switch
        {
            "/a.iso" => e.WriteHeadAsync("302 Found", "Location: /b.iso", "Location: /b.iso", "Content-Length: 0"),
            "/c.iso" => e.WriteHeadAsync("302 Found", "Location: /b.iso", "Location: /d.iso", "Content-Length: 0"),
            _ => e.ServeAsync(Http.Content),
        });

        Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
        Assert.That((await http.FailAsync(new RemoteRequest(http.Url("c.iso"), null))).Message, Does.Contain("without one Location"));
    }

    [Test]
    public async Task Redirect_without_location_is_refused()
    {
        await using var http = new Http(e => e.WriteHeadAsync("302 Found", "Content-Length: 0"));

        Assert.That((await http.FailAsync()).Message, Does.Contain("without one Location"));
    }

    [Test]
    public async Task Circle_is_found_at_once()
    {
        await using var http = new Http(e => Move(e, e.Request.Target == "/a.iso" ? "/b.iso" : "/a.iso"));

        Assert.That((await http.FailAsync()).Message, Does.Contain("in a circle"));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(3)]
    public async Task Endless_redirects_end_at_the_cap(int cap)
    {
        await using var http = new Http(e => Move(e, $"/{e.Request.Number}"), Direct with { MaxRedirects = cap });

        var failure = await http.FailAsync();

        Assert.That(failure.Message, Does.Contain($"more than {cap} redirects").And.Contain("network:max_redirects"));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(cap + 1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Downgrade_is_followed_only_where_allowed(bool isAllowed)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        await using var plain = new Http(e => e.ServeAsync(Http.Content));
        await using var secure = new Http(
            e => Move(e, plain.Url().Uri.AbsoluteUri), Direct with { InsecureTls = true, AllowDowngrade = isAllowed }, null, certificate);

        if (isAllowed) Assert.That(await secure.DownloadAsync(), Is.EqualTo(Http.Content));
        else Assert.That((await secure.FailAsync()).Message, Does.Contain("not encrypted (network:allow_downgrade permits it)"));
        Assert.That(plain.Server.Requests, Has.Count.EqualTo(isAllowed ? 1 : 0));
    }

    [Test]
    public async Task Credentials_are_sent_at_once_in_utf8()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content));

        await http.DownloadAsync(new RemoteRequest(http.Url(), User));

        Assert.That(http.Server.Requests.Single().Header("Authorization"), Is.EqualTo(UserHeader));
    }

    [Test]
    public async Task Credentials_go_to_their_own_origin_only_and_again_when_the_way_leads_back()
    {
        Http? start = null;
        await using var other = new Http(e => Move(e, e.Request.Target == "/a.iso" ? "/b.iso" : start!.Url("c.iso").Uri.AbsoluteUri));
        await using var own = new Http(e => e.Request.Target switch
        {
            "/a.iso" => Move(e, "/same.iso"),
            "/same.iso" => Move(e, other.Url().Uri.AbsoluteUri),
            _ => e.ServeAsync(Http.Content),
        });
        start = own;

        await own.DownloadAsync(new RemoteRequest(own.Url(), User));

        Assert.That(own.Server.Requests.Select(r => r.Target), Is.EqualTo(new[] { "/a.iso", "/same.iso", "/c.iso" }));
        Assert.That(own.Server.Requests.Select(r => r.Header("Authorization")), Is.All.EqualTo(UserHeader));
        Assert.That(other.Server.Requests, Has.Count.EqualTo(2));
        Assert.That(other.Server.Requests.Select(r => r.Headers.ContainsKey("Authorization")), Is.All.False);
    }

    [Test]
    public async Task Credentials_do_not_follow_from_http_to_https_of_the_same_host()
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        await using var secure = new Http(e => e.ServeAsync(Http.Content), null, null, certificate);
        await using var plain = new Http(e => Move(e, secure.Url().Uri.AbsoluteUri), Direct with { InsecureTls = true });

        await plain.DownloadAsync(new RemoteRequest(plain.Url(), User));

        Assert.That(secure.Server.Requests.Single().Headers.ContainsKey("Authorization"), Is.False);
    }

    [Test]
    public async Task Credentials_of_a_location_stay_on_its_host()
    {
        await using var third = new Http(e => e.ServeAsync(Http.Content));
        await using var second = new Http(e => Move(e, e.Request.Target == "/a.iso" ? "/b.iso" : third.Url().Uri.AbsoluteUri));
        var location = $"http://u:p%40@localhost:{second.Server.Address.Port}/a.iso";
        await using var first = new Http(e => Move(e, location));

        await using var file = await first.OpenAsync(new RemoteRequest(first.Url(), User));

        Assert.That(second.Server.Requests.Select(r => r.Header("Authorization")), Is.EqualTo(new[] { Basic("u:p@"), Basic("u:p@") }));
        Assert.That(third.Server.Requests.Single().Headers.ContainsKey("Authorization"), Is.False);
        Assert.That(file.Info.FinalUrl.Uri.UserInfo, Is.Empty);
    }

    private static NetworkOptions Direct => new() { NoProxy = ["*"] };

    private static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static Task Move(WireExchange exchange, string location) => exchange.WriteAsync(
        Encoding.UTF8.GetBytes($"HTTP/1.1 302 Found\r\nLocation: {location.Replace("PORT", Port(exchange), StringComparison.Ordinal)}\r\nContent-Length: 0\r\n\r\n"));

    private static string Port(WireExchange exchange) => exchange.Request.Header("Host").Split(':')[1];
}
