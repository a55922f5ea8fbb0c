using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A user's own headers on the wire: to their server, and to no other. As reported of aria2 (#1176), got (#1090), GDAL (#10857) and others, a
/// token must not follow a redirect: it would be told, and storage that the redirect has signed a URL for refuses it.</summary>
public sealed class OwnHeaderTests
{
    private const string Token = "Bearer s3cret-token";

    [Test]
    public async Task Header_stays_on_its_server_and_comes_again_when_the_way_leads_back()
    {
        Http? start = null;
        await using var other = new Http(e => Move(e, start!.Url("c.iso").Uri.AbsoluteUri));
        await using var own = new Http(e => e.Request.Target switch
        {
            "/a.iso" => Move(e, "/same.iso"),
            "/same.iso" => Move(e, other.Url().Uri.AbsoluteUri),
            _ => e.ServeAsync(Http.Content),
        });
        start = own;

        await own.DownloadAsync(With(own, ("Authorization", Token), ("X-Key", "1"), ("Accept", "application/octet-stream"), ("Cookie", "a=b")));

        foreach (var request in own.Server.Requests)
        {
            Assert.That(request.Header("Authorization"), Is.EqualTo(Token));
            Assert.That(request.Header("X-Key"), Is.EqualTo("1"));
            Assert.That(request.Header("Accept"), Is.EqualTo("application/octet-stream"));
            Assert.That(request.Header("Cookie"), Does.StartWith("a=b"));
        }

        var elsewhere = other.Server.Requests.Single();
        Assert.That(elsewhere.Headers.Keys, Has.None.EqualTo("Authorization").And.None.EqualTo("X-Key").And.None.EqualTo("Cookie"));
        Assert.That(elsewhere.Header("Accept"), Is.EqualTo("*/*"));
        Assert.That(own.Server.Requests, Has.Count.EqualTo(3));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Header_does_not_follow_to_another_scheme_of_the_same_host(bool isToPlain)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        var options = new NetworkOptions { NoProxy = ["*"], InsecureTls = true, AllowDowngrade = true };
        await using var target = new Http(e => e.ServeAsync(Http.Content), options, null, isToPlain ? null : certificate);
        await using var start = new Http(e => Move(e, target.Url().Uri.AbsoluteUri), options, null, isToPlain ? certificate : null);

        await start.DownloadAsync(With(start, ("Authorization", Token)));

        Assert.That(start.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Token));
        Assert.That(target.Server.Requests.Single().Headers.ContainsKey("Authorization"), Is.False);
    }

    [Test]
    public async Task Header_of_another_server_is_not_sent_to_a_mirror()
    {
        await using var origin = new Http(e => e.ServeAsync(Http.Content));
        await using var mirror = new Http(e => e.ServeAsync(Http.Content));

        await mirror.DownloadAsync(With(origin, ("Authorization", Token)) with { Url = mirror.Url() });

        Assert.That(mirror.Server.Requests.Single().Headers.ContainsKey("Authorization"), Is.False);
    }

    [Test]
    public async Task Cookies_of_redirects_are_sent_beside_the_users_own()
    {
        await using var http = new Http(e => e.Request.Target == "/a.iso"
            ? e.WriteHeadAsync("302 Found", "Location: /b.iso", "Set-Cookie: c=d", "Content-Length: 0")
            : e.ServeAsync(Http.Content));

        await http.DownloadAsync(With(http, ("cookie", "a=b")));

        Assert.That(http.Server.Requests.Select(r => r.Header("Cookie")), Is.EqualTo(new[] { "a=b", "a=b; c=d" }));
    }

    [Test]
    public async Task Authorization_of_the_user_is_sent_in_place_of_netrc()
    {
        var netrc = Path.GetTempFileName();
        await File.WriteAllTextAsync(netrc, "default login anonymous password me@x\n");
        await using var http = new Http(e => e.ServeAsync(Http.Content), new NetworkOptions { NoProxy = ["*"], Netrc = netrc });

        await http.DownloadAsync(With(http, ("Authorization", Token)));

        Assert.That(http.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Token));
        File.Delete(netrc);
    }

    [Test]
    public async Task Server_that_repeats_a_token_does_not_have_it_shown()
    {
        await using var http = new Http(e => e.WriteHeadAsync("401 No such token s3cret-token here", "Content-Length: 0"));

        Assert.That((await http.FailAsync(With(http, ("Authorization", Token)))).Message, Does.Contain("401 No such token … here"));
    }

    [TestCase(null)]
    [TestCase("Mozilla/5.0 (X11; Linux x86_64)")]
    public async Task Server_is_told_the_program_of_the_configuration(string? program)
    {
        var options = new NetworkOptions { NoProxy = ["*"] };
        await using var http = new Http(e => e.ServeAsync(Http.Content), program is null ? options : options with { UserAgent = program });

        await http.DownloadAsync();

        Assert.That(http.Server.Requests.Single().Header("User-Agent"), program is null ? Does.Match(@"^kimchi-isod/\d+\.\d+\.\d+$") : Is.EqualTo(program));
    }

    // Each header that a user may give is one that is sent, whatever its name is to .NET.
    [TestCase("Accept-Language")]
    [TestCase("Cache-Control")]
    [TestCase("Date")]
    [TestCase("From")]
    [TestCase("Pragma")]
    [TestCase("Referer")]
    [TestCase("Via")]
    [TestCase("Warning")]
    [TestCase("X-Amz-Date")]
    [TestCase("!#$%&'*+-.^_`|~")]
    public async Task Any_other_header_arrives_as_it_is(string name)
    {
        const string Odd = "a\tb, \"c; (d";
        await using var http = new Http(e => e.ServeAsync(Http.Content));

        await http.DownloadAsync(With(http, (name, Odd)));

        Assert.That(http.Server.Requests.Single().Header(name), Is.EqualTo(Odd));
    }

    private static Task Move(WireExchange exchange, string location) =>
        exchange.WriteHeadAsync("302 Found", $"Location: {location}", "Content-Length: 0");

    private static RemoteRequest With(Http http, params (string Name, string? Value)[] headers) => http.Request() with
    {
        Headers = OriginHeaders.Read(http.Url(), headers.Select(h => new KeyValuePair<string, string?>(h.Name, h.Value))),
    };
}
