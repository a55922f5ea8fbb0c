using Kimchi.Isod.Sources.Http;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Cookies that redirects set: RFC 6265.</summary>
public sealed class CookieTests
{
    [Test]
    public async Task Redirect_to_itself_that_sets_a_cookie_is_no_circle()
    {
        await using var http = new Http(e => e.Request.Header("Cookie") == "sid=1"
            ? e.ServeAsync(Http.Content)
            : e.WriteHeadAsync("302 Found", $"Location: {e.Request.Target}", "Set-Cookie: sid=1; Path=/; HttpOnly", "Content-Length: 0"));

        Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Same_cookie_again_is_a_circle()
    {
        await using var http = new Http(e =>
            e.WriteHeadAsync("302 Found", $"Location: {e.Request.Target}", "Set-Cookie: sid=1; Path=/", "Content-Length: 0"));

        Assert.That((await http.FailAsync()).Message, Does.Contain("in a circle").And.Not.Contain("sid"));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Cookies_without_end_end_at_the_cap()
    {
        await using var http = new Http(e =>
            e.WriteHeadAsync("302 Found", $"Location: {e.Request.Target}", $"Set-Cookie: n={e.Request.Number}", "Content-Length: 0"));

        Assert.That((await http.FailAsync()).Message, Does.Contain("more than 10 redirects"));
    }

    [Test]
    public async Task Cookies_are_of_one_exchange_and_of_their_host()
    {
        await using var other = new Http(e => e.ServeAsync(Http.Content));
        await using var http = new Http(e => e.WriteHeadAsync(
            "302 Found", $"Location: http://127.0.0.1:{other.Server.Port}/b.iso", "Set-Cookie: sid=1; Path=/", "Set-Cookie: sid=2; Domain=127.0.0.1", "Content-Length: 0"));

        await http.DownloadAsync();
        await http.DownloadAsync();

        Assert.That(http.Server.Requests.Concat(other.Server.Requests).Select(r => r.Headers.ContainsKey("Cookie")), Is.All.False);
    }

    [TestCase("a=1", "http://host/dir/x", "a=1")]
    [TestCase("a=1", "http://host/dir/sub/x", "a=1")]
    [TestCase("a=1", "http://host:81/dir/x", "a=1")]
    [TestCase("a=1", "http://host/other", "")]
    [TestCase("a=1; Path=/", "http://host/other", "a=1")]
    [TestCase("a=1; Path=/di", "http://host/dir/x", "")]
    [TestCase("a=1; Path=/dir/", "http://host/dir/x", "a=1")]
    [TestCase("a=1; Path=relative", "http://host/dir/x", "a=1")]
    [TestCase("a=1; path=/x; PATH=/", "http://host/other", "a=1")]
    [TestCase("a=1; Path=/", "http://sub.host/", "")]
    [TestCase("a=1; Path=/; Secure", "http://host/", "")]
    [TestCase("a=1; Path=/; Secure", "https://host/", "a=1")]
    [TestCase("a=1; Path=/; Domain=host", "http://host/", "a=1")]
    [TestCase("a=1; Path=/; Domain=other", "http://other/", "")]
    [TestCase("a=1; Path=/; Max-Age=0", "http://host/", "")]
    [TestCase("a=1; Path=/; Max-Age=-1", "http://host/", "")]
    [TestCase("a=1; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://host/", "a=1")]
    [TestCase("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "http://host/", "")]
    [TestCase("a=1; Path=/; Expires=Thu, 01-Jan-2037 00:00:00 GMT", "http://host/", "a=1")]
    [TestCase("a=1; Path=/; Expires=soon", "http://host/", "a=1")]
    [TestCase(" a = b=c \"d\" ; Path=/", "http://host/", "a=b=c \"d\"")]
    [TestCase("=1; Path=/", "http://host/", "")]
    [TestCase("nothing", "http://host/dir/x", "")]
    [TestCase("a=; Path=/", "http://host/", "a=")]
    public void Cookie_goes_where_it_is_for(string line, string target, string header) =>
        Assert.That(Set("http://host/dir/page", line).HeaderFor(new Uri(target)), Is.EqualTo(header));

    [TestCase("example.org", "http://dl.example.org/", "a=1")]
    [TestCase(".example.org", "http://example.org/", "a=1")]
    [TestCase("EXAMPLE.ORG", "http://www.example.org/", "a=1")]
    [TestCase("example.org", "http://myexample.org/", "")]
    [TestCase("org", "http://example.org/", "")]
    [TestCase("www.example.org", "http://www.example.org/", "a=1")]
    [TestCase("other.example.org", "http://other.example.org/", "")]
    public void Cookie_of_a_domain_goes_to_the_hosts_below_it(string domain, string target, string header) =>
        Assert.That(Set("http://www.example.org/", $"a=1; Domain={domain}").HeaderFor(new Uri(target)), Is.EqualTo(header));

    [Test]
    public void Longer_paths_come_first_and_what_is_set_again_replaces() => Assert.That(
        Set("http://host/dir/page", "a=1; Path=/", "b=2; Path=/dir", "a=3; Path=/", "c=4; Path=/", "c=; Path=/; Max-Age=0").HeaderFor(new Uri("http://host/dir/x")),
        Is.EqualTo("b=2; a=3"));

    [Test]
    public void Jar_has_a_bottom()
    {
        var jar = Set("http://host/", [.. Enumerable.Range(0, 1000).Select(i => $"c{i}=1"), $"long={new string('x', 5000)}"]);

        Assert.That(jar.HeaderFor(new Uri("http://host/")).Split("; "), Has.Length.EqualTo(50));
    }

    private static CookieJar Set(string from, params string[] lines)
    {
        var jar = new CookieJar(new FakeTimeProvider(new DateTimeOffset(2026, 11, 28, 0, 0, 0, TimeSpan.Zero)));
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Set-Cookie", lines);
        jar.Keep(new Uri(from), response);
        return jar;
    }
}
