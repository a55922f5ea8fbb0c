using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Where a URL leads, and what is said of the file there.</summary>
public sealed class OriginFaultTests : FaultTest
{
    [Test]
    public async Task Mirror_that_lacks_the_file_is_passed_over_in_the_middle([Values("404 Not Found", "403 Forbidden", "410 Gone")] string status)
    {
        var daemon = await StartQuickAsync();
        await using var broken = new WireServer(Dropping(e => e.ServeAsync(Content), "ETag: \"1\""));
        await using var lacking = new WireServer(e => e.WriteHeadAsync(status, "Content-Length: 0"));
        await using var good = new WireServer(e => e.ServeAsync(Content, "ETag: \"1\""));
        await using var start = Redirector(broken, lacking, good);

        await CompleteAsync(daemon, start, Content);

        Assert.That(lacking.Requests, Has.Count.EqualTo(1));
        Assert.That(daemon.Log, Does.Contain($"localhost:{lacking.Port} answered {status}"));
    }

    [Test]
    public async Task Mirror_that_lacks_the_file_is_passed_over_at_the_start()
    {
        var daemon = await StartQuickAsync();
        await using var lacking = new WireServer(e => e.WriteHeadAsync("404 Not Found", "Content-Length: 0"));
        await using var good = new WireServer(e => e.ServeAsync(Content));
        await using var start = Redirector(lacking, lacking, good);

        await CompleteAsync(daemon, start, Content);
    }

    [Test]
    public async Task Redirect_to_itself_that_sets_a_cookie_is_followed()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => e.Request.Header("Cookie") == "sid=1"
            ? e.ServeAsync(Content)
            : e.WriteHeadAsync("302 Found", "Location: /a.iso", "Set-Cookie: sid=1", "Content-Length: 0"));

        await CompleteAsync(daemon, server, Content);
    }

    [Test]
    public async Task Nothing_is_fetched_from_the_address_in_a_certificate([Values("system", "ca_file", "insecure_tls")] string trust)
    {
        using var authority = new TestAuthority();
        using var other = new TestAuthority(name: "other");
        await using var inside = new WireServer(e => e.ServeAsync(Content));
        using var certificate = authority.Issue(issuerUrl: $"http://127.0.0.1:{inside.Port}/x");
        using var folder = new TemporaryDirectory("ca");
        var file = Path.Combine(folder.Path, "ca.pem");
        await File.WriteAllTextAsync(file, other.Pem);
        var daemon = await StartQuickAsync(trust switch
        {
            "ca_file" => [("network:ca_file", file)],
            "insecure_tls" => [("network:insecure_tls", "true")],
            _ => [],
        });
        await using var server = new WireServer(e => e.ServeAsync(Content), certificate);

        if (trust == "insecure_tls") await CompleteAsync(daemon, server, Content);
        else Assert.That((await daemon.Client.StartAsync(new Uri(server.Address, "a.iso").AbsoluteUri, NewName())).Text("reason"), Does.Contain("not a trusted authority"));
        Assert.That(inside.ConnectionCount, Is.Zero);
    }

    [TestCase("Content-Type: text/html; charset=UTF-8")]
    [TestCase("Content-Type: application/xhtml+xml")]
    [TestCase("Content-Encoding: aws-chunked")]
    [TestCase("Content-Encoding: none")]
    [TestCase("Transfer-Encoding: identity")]
    public async Task Image_is_taken_whatever_it_is_labelled_as(string header)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => e.ServeAsync(Content, header));

        await CompleteAsync(daemon, server, Content);
    }

    [TestCase("Content-Type: application/octet-stream", "<!-- portal -->\n<!DOCTYPE html><html>log in</html>", "KCHDL0007E")]
    [TestCase("Content-Type: application/octet-stream", "\u00ef\u00bb\u00bf\n<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "KCHDL0007E")]
    [TestCase("Content-Type: application/x-iso9660-image", "<script>location='/login'</script>", "KCHDL0007E")]
    [TestCase("Content-Type: text/html", "Please log in", "KCHDL0006E")]
    public async Task Web_page_is_not_published_whatever_it_is_labelled_as(string header, string page, string id)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(e => e.ServeAsync(System.Text.Encoding.Latin1.GetBytes(page), header));
        var name = NewName();

        var reply = await daemon.Client.StartAsync(new Uri(server.Address, "a.iso").AbsoluteUri, name);
        if (reply.Status == HttpStatusCode.OK) reply = await daemon.Client.WaitForAsync(name, s => s.Id == id);

        Assert.That(reply.Text("reason"), Does.StartWith(id).And.Contain("web page"));
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    private static WireServer Redirector(params WireServer[] mirrors) => new(e => e.WriteHeadAsync(
        "302 Found", $"Location: {new Uri(mirrors[Math.Min(e.Request.Number, mirrors.Length) - 1].Address, "a.iso")}", "Content-Length: 0"));
}
