using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Redirects, and where credentials go.</summary>
public sealed class RedirectTests : SourceTest
{
    private static readonly Credentials User = new("user", "pass");
    private const string UserHeader = "Basic dXNlcjpwYXNz";

    [Test]
    public async Task Redirect_of_each_kind_is_followed([Values(301, 302, 303, 307, 308)] int status)
    {
        await using var server = new ScriptedHttpServer(e => e.Request.Target == "/image.iso"
            ? e.WriteHeadAsync($"{status} Moved", "Location: other/real.iso", "Content-Length: 0")
            : e.ServeAsync(Content));

        var file = await OpenAsync(server);

        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content));
        Assert.That(file.Info.NameCandidates, Is.EqualTo(new[] { "image.iso", "real.iso" }));
        Assert.That(file.Info.FinalUrl.Uri.AbsolutePath, Is.EqualTo("/other/real.iso"));
        Assert.That(server.Requests[1].Header("Range"), Is.EqualTo("bytes=0-"));
    }

    [Test]
    public async Task Redirects_without_end_are_given_up()
    {
        await using var server = new ScriptedHttpServer(e => e.WriteHeadAsync("302 Found", "Location: /image.iso", "Content-Length: 0"));

        Assert.That(Refused(() => OpenAsync(server)).Message, Does.Contain("more than 10 redirects"));
        Assert.That(server.Requests, Has.Count.EqualTo(11));
    }

    [TestCase("file:///etc/passwd")]
    [TestCase("ftp://host/a.iso")]
    [TestCase("javascript:alert(1)")]
    public async Task Redirect_to_anything_but_http_is_refused(string location)
    {
        await using var server = new ScriptedHttpServer(e => e.WriteHeadAsync("302 Found", $"Location: {location}", "Content-Length: 0"));

        Assert.That(Refused(() => OpenAsync(server)).Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Redirect_from_https_to_http_is_refused_unless_it_is_allowed([Values] bool isAllowed)
    {
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        await using var plain = new ScriptedHttpServer(e => e.ServeAsync(Content));
        await using var secure = new ScriptedHttpServer(
            e => e.WriteHeadAsync("302 Found", $"Location: {plain.Address}real.iso", "Content-Length: 0"), certificate);
        var options = Quick with { InsecureTls = true, AllowDowngrade = isAllowed };

        if (isAllowed) Assert.That(await ReadAllAsync(await OpenAsync(secure, options)), Is.EqualTo(Content));
        else Assert.That(Refused(() => OpenAsync(secure, options)).Message, Does.Contain("allow_downgrade"));
    }

    [Test]
    public async Task Credentials_go_to_the_host_they_were_meant_for_and_to_no_other()
    {
        await using var other = new ScriptedHttpServer(e => e.ServeAsync(Content));
        await using var server = new ScriptedHttpServer(e => e.Request.Target == "/image.iso"
            ? e.WriteHeadAsync("302 Found", "Location: /same-host.iso", "Content-Length: 0")
            : e.WriteHeadAsync("302 Found", $"Location: {other.Address}real.iso", "Content-Length: 0"));

        await OpenAsync(server, credentials: User);

        Assert.That(server.Requests.Select(r => r.Header("Authorization")), Is.All.EqualTo(UserHeader));
        Assert.That(other.Requests.Single().Headers, Does.Not.ContainKey("Authorization"));
    }

    [Test]
    public async Task Credentials_in_a_location_go_there()
    {
        await using var other = new ScriptedHttpServer(e => e.ServeAsync(Content));
        await using var server = new ScriptedHttpServer(e => e.WriteHeadAsync(
            "302 Found", $"Location: {other.Address.AbsoluteUri.Replace("://", "://user:pass@")}real.iso", "Content-Length: 0"));

        await OpenAsync(server);

        Assert.That(other.Requests.Single().Header("Authorization"), Is.EqualTo(UserHeader));
    }
}
