using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Replies that are labelled as web pages: what they are, their bytes say.</summary>
public sealed class WebPageTests
{
    private static readonly string[] Labels =
        ["text/html", "Text/HTML; charset=utf-8", "text/html;", "text/html; charset", "application/xhtml+xml"];

    [Test]
    public async Task Page_is_refused_before_anything_is_stored(
        [ValueSource(nameof(Labels))] string label, [Values("<!DOCTYPE html><title>Log in</title>", " \n<!-- x -->", "Please log in")] string page)
    {
        await using var http = new Http(e => e.ServeAsync(Encoding.ASCII.GetBytes(page), $"Content-Type: {label}"));

        var failure = await http.FailAsync();

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
        Assert.That(failure.Message, Does.Contain("web page"));
        Assert.That(failure.IsTransient, Is.False);
    }

    [Test]
    public async Task File_that_is_labelled_as_a_page_is_taken_whole([ValueSource(nameof(Labels))] string label, [Values(1, 1445, 1446, 100_000)] int size)
    {
        var content = Http.Content[..size];
        content[0] = 0;
        await using var http = new Http(e => e.ServeAsync(content, $"Content-Type: {label}"));

        Assert.That(await http.DownloadAsync(), Is.EqualTo(content));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("0123  a.iso\n", true)]
    [TestCase("<html>0123  a.iso\n", false)]
    public async Task Text_that_is_asked_for_may_be_labelled_as_a_page_but_be_none(string text, bool isTaken)
    {
        await using var http = new Http(e => e.ServeAsync(Encoding.ASCII.GetBytes(text), "Content-Type: text/html"));
        var request = http.Request() with { IsForText = true };

        if (isTaken) Assert.That(await http.DownloadAsync(request), Is.EqualTo(Encoding.ASCII.GetBytes(text)));
        else Assert.That((await http.FailAsync(request)).Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
    }

    [Test]
    public async Task Page_that_never_ends_its_first_bytes_stalls()
    {
        await using var http = new Http(
            async e =>
            {
                await e.WriteHeadAsync("200 OK", "Content-Type: text/html", "Content-Length: 5000");
                await e.StallAsync();
            },
            new NetworkOptions { NoProxy = ["*"], StallTimeout = TimeSpan.FromMilliseconds(50) });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Message, Does.Contain("stalled at byte 0"));
    }
}
