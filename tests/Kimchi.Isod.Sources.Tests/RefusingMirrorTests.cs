using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Hosts that redirects lead to: what one refuses, the next may give.</summary>
public sealed class RefusingMirrorTests
{
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(410)]
    [TestCase(503)]
    public async Task Refusal_of_another_host_may_pass_and_names_it(int status)
    {
        await using var mirror = new Http(e => e.WriteHeadAsync($"{status} x", "Content-Length: 0"));
        await using var http = new Http(e => e.WriteHeadAsync("302 Found", $"Location: {mirror.Url()}", "Content-Length: 0"));

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.IsOfMirror, Is.True);
        Assert.That(failure.Message, Does.Contain($"localhost:{mirror.Server.Port} answered {status}"));
    }

    [TestCase(401)]
    [TestCase(451)]
    public async Task Other_refusals_are_final_wherever_they_come_from(int status)
    {
        await using var mirror = new Http(e => e.WriteHeadAsync($"{status} x", "Content-Length: 0"));
        await using var http = new Http(e => e.WriteHeadAsync("302 Found", $"Location: {mirror.Url()}", "Content-Length: 0"));

        Assert.That((await http.FailAsync()).IsTransient, Is.False);
    }

    [TestCase(404)]
    [TestCase(403)]
    public async Task Refusal_of_the_same_host_behind_a_redirect_is_final(int status)
    {
        await using var http = new Http(e => e.Request.Target == "/a.iso"
            ? e.WriteHeadAsync("302 Found", "Location: /b.iso", "Content-Length: 0")
            : e.WriteHeadAsync($"{status} x", "Content-Length: 0"));

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.IsOfMirror, Is.False);
    }

    [Test]
    public async Task Mirror_that_refuses_the_connection_is_one_of_several()
    {
        var gone = new Http(e => e.ServeAsync(Http.Content));
        var url = gone.Url();
        await gone.DisposeAsync();
        await using var http = new Http(e => e.WriteHeadAsync("302 Found", $"Location: {url}", "Content-Length: 0"));

        var failure = await http.FailAsync();

        Assert.That(failure.IsOfMirror, Is.True);
        Assert.That(failure.Message, Does.Contain("refused the connection"));
    }

    [Test]
    public async Task Refused_redirect_is_final()
    {
        await using var http = new Http(e => e.WriteHeadAsync("302 Found", "Location: http://0.0.0.0/a.iso", "Content-Length: 0"));

        Assert.That(await http.FailAsync(), Has.Property(nameof(DownloadException.IsTransient)).False.And.Property(nameof(DownloadException.IsOfMirror)).False);
    }
}
