using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>What the first request finds out, and how its body becomes the download.</summary>
public sealed class ProbeTests : SourceTest
{
    [Test]
    public async Task First_request_asks_for_all_bytes_unencoded_and_its_body_is_the_file()
    {
        await using var server = new ScriptedHttpServer(e =>
            e.ServeAsync(Content, "ETag: \"v1\"", "Last-Modified: Tue, 24 Nov 2026 10:00:00 GMT", "Content-Type: application/x-iso9660-image"));

        var file = await OpenAsync(server);
        var bytes = await ReadAllAsync(file);

        Assert.That(bytes, Is.EqualTo(Content));
        Assert.That(file.Info.IsResumable);
        Assert.That(file.Info.ContentType, Is.EqualTo("application/x-iso9660-image"));
        Assert.That(file.Info.Version, Is.EqualTo(
            new Validator("\"v1\"", new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero), Content.Length)));
        var request = server.Requests.Single();
        Assert.That(request.Method, Is.EqualTo("GET"));
        Assert.That(request.Header("Range"), Is.EqualTo("bytes=0-"));
        Assert.That(request.Header("Accept-Encoding"), Is.EqualTo("identity"));
        Assert.That(request.Header("User-Agent"), Does.StartWith("kimchi-isod/"));
        Assert.That(request.Headers.Keys, Has.None.EqualTo("traceparent").And.None.EqualTo("Authorization"));
    }

    [Test]
    public async Task Server_that_ignores_ranges_is_read_and_is_not_resumable()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", $"Content-Length: {Content.Length}");
            await e.WriteAsync(Content);
        });

        var file = await OpenAsync(server);

        Assert.That((file.Info.IsResumable, file.Info.Size), Is.EqualTo((false, (long?)Content.Length)));
        Assert.That(await ReadAllAsync(file), Is.EqualTo(Content));
    }

    [Test]
    public async Task Chunked_reply_has_no_size_and_ends_with_its_last_chunk()
    {
        await using var server = new ScriptedHttpServer(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Transfer-Encoding: chunked");
            await e.WriteAsync("5\r\nhello\r\n0\r\n\r\n");
        });

        var file = await OpenAsync(server);

        Assert.That(file.Info.Size, Is.Null);
        Assert.That(await ReadAllAsync(file), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task Server_that_refuses_any_range_is_asked_without([Values("416 Range Not Satisfiable", "501 Not Implemented")] string status)
    {
        await using var server = new ScriptedHttpServer(e =>
            e.Request.RangeStart is null ? e.ServeAsync(Content) : e.WriteHeadAsync(status, "Content-Length: 0"));

        Assert.That(await ReadAllAsync(await OpenAsync(server)), Is.EqualTo(Content));
    }

    [Test]
    public async Task Weak_tag_vouches_for_no_bytes_and_is_not_kept()
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, "ETag: W/\"v1\""));

        Assert.That((await OpenAsync(server)).Info.Version.ETag, Is.Null);
    }

    [TestCase("200 OK", "Content-Length: 0", "empty")]
    [TestCase("200 OK", "Content-Length: 5\r\nContent-Type: text/html; charset=utf-8", "web page")]
    [TestCase("200 OK", "Content-Length: 5\r\nContent-Type: Application/XHTML+xml", "web page")]
    [TestCase("200 OK", "Content-Length: 5\r\nContent-Encoding: gzip", "gzip")]
    public async Task Reply_that_is_no_image_is_refused(string status, string headers, string reason)
    {
        await using var server = new ScriptedHttpServer(e => e.WriteHeadAsync(status, headers));

        var failure = Refused(() => OpenAsync(server));

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
        Assert.That(failure.Message, Does.Contain(reason));
    }

    [TestCase(404, false)]
    [TestCase(403, false)]
    [TestCase(401, false)]
    [TestCase(410, false)]
    [TestCase(408, true)]
    [TestCase(429, true)]
    [TestCase(500, true)]
    [TestCase(502, true)]
    [TestCase(503, true)]
    [TestCase(504, true)]
    public async Task Error_of_the_server_is_told_with_its_words(int status, bool isTransient)
    {
        await using var server = new ScriptedHttpServer(e => e.WriteHeadAsync($"{status} Its Own Words", "Content-Length: 0"));

        var failure = Refused(() => OpenAsync(server, path: "image.iso?signature=secret"));

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
        Assert.That(failure.Message, Does.Contain($"{status} Its Own Words").And.Not.Contain("secret"));
    }

    [Test]
    public async Task Server_that_asks_to_be_left_alone_is_heard()
    {
        await using var server = new ScriptedHttpServer(e => e.WriteHeadAsync("503 Busy", "Content-Length: 0", "Retry-After: 120"));

        Assert.That(Refused(() => OpenAsync(server)).RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(2)));
    }

    [TestCase("attachment; filename=\"plain.iso\"", "plain.iso")]
    [TestCase("attachment; filename=plain.iso", "plain.iso")]
    [TestCase("attachment; filename=\"a.iso\"; filename*=UTF-8''%e6%97%a5%20b.iso", "日 b.iso")]
    [TestCase("attachment; filename=\"quo\\\"ted.iso\"", "quo\"ted.iso")]
    [TestCase("attachment; filename=\"../../etc/passwd\"", "passwd")]
    [TestCase("attachment; filename=\"C:\\\\isos\\\\win.iso\"", "win.iso")]
    [TestCase("inline", "image.iso")]
    [TestCase("attachment; filename=", "image.iso")]
    [TestCase(";;;=\"", "image.iso")]
    public async Task Name_comes_from_content_disposition_else_from_the_url(string header, string name)
    {
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, $"Content-Disposition: {header}"));

        Assert.That((await OpenAsync(server)).Info.NameCandidates[0], Is.EqualTo(name));
    }

    [Test]
    public async Task Any_content_disposition_is_survived([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        const string Letters = "attachment;filename*=\"'%20UTF-8\\/ .iso\u00e4";
        var header = new string([.. Enumerable.Range(0, random.Next(60)).Select(_ => Letters[random.Next(Letters.Length)])]);
        await using var server = new ScriptedHttpServer(e => e.ServeAsync(Content, $"Content-Disposition: x{header}"));

        Assert.That((await OpenAsync(server)).Info.NameCandidates, Has.Member("image.iso"));
    }
}
