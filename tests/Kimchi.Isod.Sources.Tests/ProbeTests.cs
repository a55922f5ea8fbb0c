using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Tests;

public sealed class ProbeTests
{
    [Test]
    public async Task File_is_probed_and_read_with_one_request()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, "ETag: \"v1\"", "Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT", "Content-Type: application/x-iso9660-image"));

        await using var file = await http.OpenAsync();
        var read = await Http.ReadAllAsync(file);

        Assert.That(read, Is.EqualTo(Http.Content));
        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(file.Info.IsResumable, Is.True);
        Assert.That(file.Info.ContentType, Is.EqualTo("application/x-iso9660-image"));
        Assert.That(file.Info.Version, Is.EqualTo(
            new Validator("\"v1\"", new DateTimeOffset(2026, 11, 3, 10, 0, 0, TimeSpan.Zero), Http.Content.Length)));
        Assert.That(file.Info.NameCandidates, Is.EqualTo(new[] { "a.iso" }));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Request_asks_for_plain_bytes_of_everything_with_no_range_and_tells_no_more_than_needed()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content));

        await http.DownloadAsync();

        var request = http.Server.Requests[0];
        Assert.That(request.Method, Is.EqualTo("GET"));
        Assert.That(request.Header("Accept-Encoding"), Is.EqualTo("identity"));
        Assert.That(request.Header("User-Agent"), Does.Match(@"^kimchi-isod/\d+\.\d+\.\d+$"));
        Assert.That(request.Headers.Keys, Is.EquivalentTo(new[] { "Host", "Accept", "Accept-Encoding", "User-Agent" }));
    }

    [TestCase("a.iso?X-Amz-Signature=a%2Bb%2F%3D&x=y%20z&e=")]
    [TestCase("dir%2Fa%20b.iso?t=a%2Fb:c@d")]
    public async Task Presigned_address_is_sent_as_it_was_given(string path)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content));

        await http.DownloadAsync(new RemoteRequest(http.Url(path), null));

        Assert.That(http.Server.Requests.Single().Target, Is.EqualTo("/" + path));
    }

    [TestCase("Accept-Ranges: bytes", true)]
    [TestCase("Accept-Ranges: none", false)]
    [TestCase("X-Nothing: 0", null)]
    public async Task Whole_reply_is_resumable_where_the_server_says_so(string header, bool? isResumable)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", $"Content-Length: {Http.Content.Length}", header);
            await e.WriteAsync(Http.Content);
        });

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.IsResumable, Is.EqualTo(isResumable));
        Assert.That(file.Info.SourceSize, Is.EqualTo(Http.Content.Length));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
    }

    [TestCase("200 OK", "Content-Length: 0", 1)]
    [TestCase("204 No Content", "X-Nothing: 0", 1)]
    [TestCase("416 Range Not Satisfiable", "Content-Length: 0\r\nContent-Range: bytes */0", 1)]
    public async Task Empty_file_is_refused(string status, string headers, int requests)
    {
        await using var http = new Http(e => e.WriteHeadAsync(status, headers));

        var failure = await http.FailAsync();

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
        Assert.That(failure.Message, Does.EndWith("the file is empty"));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(requests));
    }

    [TestCase("Content-Encoding: gzip")]
    [TestCase("Content-Encoding: identity, br")]
    [TestCase("Content-Encoding: X-GZIP")]
    [TestCase("Content-Encoding: none\r\nContent-Encoding: deflate")]
    [TestCase("Content-Encoding: zstd;q=1")]
    [TestCase("Content-Encoding: compress")]
    [TestCase("Transfer-Encoding: gzip, chunked")]
    public async Task Encoded_reply_is_refused(string header)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", header, header.StartsWith('C') ? "Content-Length: 5" : "X-Nothing: 0");
            await e.WriteAsync("5\r\nabcde\r\n0\r\n\r\n");
        });

        var failure = await http.FailAsync();

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
        Assert.That(failure.Message, Does.Contain("encoded"));
    }

    [TestCase("Content-Type: application/gzip")]
    [TestCase("Content-Encoding: identity")]
    [TestCase("Content-Type: nonsense")]
    [TestCase("Content-Encoding: ")]
    [TestCase("Content-Encoding: none")]
    [TestCase("Content-Encoding: binary")]
    [TestCase("Content-Encoding: UTF-8")]
    [TestCase("Content-Encoding: aws-chunked")]
    [TestCase("Content-Encoding: aws-chunked, identity")]
    [TestCase("Content-Encoding: 7bit")]
    [TestCase("Transfer-Encoding: identity")]
    public async Task Compressed_file_that_is_not_encoded_passes(string header)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, header));

        Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Chunked_reply_has_no_size_and_ends_at_its_terminator()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Transfer-Encoding: chunked", "Accept-Ranges: bytes");
            await e.WriteAsync("5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n");
        });

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.Null);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo("abcdefgh"u8.ToArray()));
        Assert.That(file.End, Is.EqualTo(EndEvidence.Told));
    }

    [Test]
    public async Task Chunked_part_has_the_size_of_its_range()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", "Transfer-Encoding: chunked", "Content-Range: bytes 0-4/5");
            await e.WriteAsync("5\r\nabcde\r\n0\r\n\r\n");
        });

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.EqualTo(5));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo("abcde"u8.ToArray()));
    }

    [Test]
    public async Task Reply_without_length_ends_with_its_connection_which_proves_nothing()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Connection: close");
            await e.WriteAsync("abc");
            e.Close();
        });

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.Null);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo("abc"u8.ToArray()));
        Assert.That(file.End, Is.EqualTo(EndEvidence.None), "in plain text an end proves nothing");
    }

    [TestCase("W/\"v1\"", null)]
    [TestCase("v1", null)]
    [TestCase("\"v1\"", "\"v1\"")]
    [TestCase("\"\"", null)]
    public async Task Beside_a_date_only_a_strong_tag_is_kept(string header, string? tag)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, $"ETag: {header}", "Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT"));

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.Version.ETag, Is.EqualTo(tag));
    }

    [TestCase("W/\"v1\"")]
    [TestCase("v1")]
    [TestCase("\"v1\"")]
    public async Task Without_a_date_any_tag_is_kept_as_it_is(string tag)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, $"ETag: {tag}", "Last-Modified: yesterday"));

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.Version, Is.EqualTo(new Validator(tag, null, Http.Content.Length)));
    }

    [Test]
    public async Task Name_comes_from_the_server_then_from_the_url()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, "Content-Disposition: attachment; filename=\"dir/日本.iso\"; filename*=UTF-8''b%20c.iso"u8.ToLatin1()));

        await using var file = await http.OpenAsync(new RemoteRequest(http.Url("x/a.iso?token=1"), null));

        Assert.That(file.Info.NameCandidates, Is.EqualTo(new[] { "b c.iso", "日本.iso", "a.iso" }));
    }
}
