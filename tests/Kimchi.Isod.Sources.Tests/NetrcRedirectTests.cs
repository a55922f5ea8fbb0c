using System.Text;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Passwords of netrc belong to the hop, as those of <c>curl -n</c>.</summary>
public sealed class NetrcRedirectTests
{
    private const string Default = "default login anonymous password me@x\n";
    private const string Localhost = "machine localhost login bob password pw\n";

    private string _file = null!;

    [SetUp]
    public void MakeFile() => _file = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(_file);

    [TestCase(Localhost, "bob:pw")]
    [TestCase(Localhost + Default, "bob:pw")]
    [TestCase(Default, "anonymous:me@x")]
    [TestCase("machine other login x password y\n", null)]
    public async Task Redirects_target_gets_its_own_password(string netrc, string? expected)
    {
        File.WriteAllText(_file, netrc);
        await using var target = new Http(e => e.ServeAsync(Http.Content));
        await using var start = new Http(
            e => e.WriteHeadAsync("302 Found", $"Location: http://localhost:{target.Server.Port}/b.iso", "Content-Length: 0"), Options);

        await start.DownloadAsync(At(start, "a.iso"));

        Assert.That(target.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Basic(expected)));
        Assert.That(start.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Basic(netrc.Contains(Default, StringComparison.Ordinal) ? "anonymous:me@x" : null)));
    }

    [Test]
    public async Task Own_credentials_are_not_for_the_next_host_and_its_own_are_not_for_the_first()
    {
        File.WriteAllText(_file, Localhost);
        await using var target = new Http(e => e.ServeAsync(Http.Content));
        await using var start = new Http(
            e => e.WriteHeadAsync("302 Found", $"Location: http://localhost:{target.Server.Port}/b.iso", "Content-Length: 0"), Options);

        await start.DownloadAsync(At(start, "a.iso") with { Credentials = new Credentials("alice", "a") });

        Assert.That(start.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Basic("alice:a")));
        Assert.That(target.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Basic("bob:pw")));
    }

    [Test]
    public async Task What_began_encrypted_sends_no_password_in_plain_text()
    {
        File.WriteAllText(_file, Localhost);
        using var authority = new TestAuthority();
        using var certificate = authority.Issue();
        await using var plain = new Http(e => e.ServeAsync(Http.Content));
        await using var secure = new Http(
            e => e.WriteHeadAsync("302 Found", $"Location: {plain.Url()}", "Content-Length: 0"),
            Options with { InsecureTls = true, AllowDowngrade = true }, null, certificate);

        await secure.DownloadAsync();

        Assert.That(secure.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Basic("bob:pw")));
        Assert.That(plain.Server.Requests.Single().Header("Authorization"), Is.Empty);
    }

    [Test]
    public async Task User_of_the_url_gets_the_password_of_that_user()
    {
        File.WriteAllText(_file, "machine 127.0.0.1 login bob password b machine 127.0.0.1 login alice password a");
        await using var http = new Http(e => e.ServeAsync(Http.Content), Options);

        await http.DownloadAsync(new RemoteRequest(RemoteUrl.Parse($"http://alice@127.0.0.1:{http.Server.Port}/a.iso"), null));

        Assert.That(http.Server.Requests.Single().Header("Authorization"), Is.EqualTo(Basic("alice:a")));
    }

    [TestCase("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0")]
    [TestCase("AWSAccessKeyId=x&Signature=y&Expires=1")]
    [TestCase("X-Goog-Signature=0")]
    [TestCase("sv=2024&sig=0")]
    [TestCase("Policy=x&Key-Pair-Id=y")]
    [TestCase("a=b&access_token=0")]
    [TestCase("md5=0&expires=1")]
    public void Default_is_not_used_beside_credentials_in_the_query(string query)
    {
        var netrc = Netrc.Parse(Localhost + Default);

        Assert.That(netrc.Find(new Uri($"https://host/a.iso?{query}")), Is.Null);
        Assert.That(netrc.Find(new Uri($"https://localhost/a.iso?{query}")), Is.EqualTo(new Credentials("bob", "pw")), "which is meant for that host");
    }

    [TestCase("")]
    [TestCase("?version=12&arch=amd64")]
    [TestCase("?token=")]
    [TestCase("?monkey=1")]
    public void Default_is_used_for_other_urls(string query) =>
        Assert.That(Netrc.Parse(Default).Find(new Uri($"https://host/a.iso{query}"))!.UserName, Is.EqualTo("anonymous"));

    private NetworkOptions Options => new() { NoProxy = ["*"], Netrc = _file };

    private static RemoteRequest At(Http http, string path) => new(RemoteUrl.Parse($"http://127.0.0.1:{http.Server.Port}/{path}"), null);

    private static string Basic(string? login) => login is null ? "" : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(login));
}
