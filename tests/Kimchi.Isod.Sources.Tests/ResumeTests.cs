using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

public sealed class ResumeTests
{
    private const int Middle = 40_000;
    private static readonly Validator Tagged = new("\"v1\"", null, Http.Content.Length);
    private static readonly Validator Dated = new(null, new DateTimeOffset(2026, 11, 3, 10, 0, 0, TimeSpan.Zero), Http.Content.Length, IsDateStrong: true);
    private static readonly Validator Sized = new(null, null, Http.Content.Length);

    [Test]
    public async Task Unchanged_file_goes_on_from_the_byte_asked_for()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, "ETag: \"v1\""));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.EqualTo(Middle));
        Assert.That(file.Info.SourceSize, Is.EqualTo(Http.Content.Length));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[Middle..]));
        var request = http.Server.Requests.Single();
        Assert.That(request.Header("Range"), Is.EqualTo($"bytes={Middle}-"));
        Assert.That(request.Header("If-Range"), Is.EqualTo("\"v1\""));
    }

    [Test]
    public async Task Range_with_an_end_is_asked_for_as_such_and_ends_as_a_part()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync(
                "206 Partial Content", "ETag: \"v1\"", $"Content-Range: bytes {Middle}-{Middle + 99}/{Http.Content.Length}", "Content-Length: 100");
            await e.WriteAsync(Http.Content.AsMemory(Middle, 100));
        });

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged) with { SourceEnd = Middle + 100 });

        Assert.That(file.End, Is.EqualTo(EndEvidence.Part));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[Middle..(Middle + 100)]));
        Assert.That(http.Server.Requests.Single().Header("Range"), Is.EqualTo($"bytes={Middle}-{Middle + 99}"));
    }

    [Test]
    public async Task Without_a_tag_no_condition_is_sent_and_an_old_date_or_a_checksum_lets_it_go_on()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, e.Request.Number == 1 ? "Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT" : "X-Nothing: 0"));

        await using var dated = await http.OpenAsync(http.Request(Middle, Dated));
        await using var sized = await http.OpenAsync(http.Request(Middle, Sized, isJudged: true));

        Assert.That(dated.SourceOffset, Is.EqualTo(Middle));
        Assert.That(sized.SourceOffset, Is.EqualTo(Middle));
        Assert.That(http.Server.Requests.Select(r => r.Headers.ContainsKey("If-Range")), Is.All.False);
    }

    [TestCase("ETag: \"v2\"")]
    [TestCase("X-Nothing: 0")]
    [TestCase("ETag: W/\"v1\"")]
    public async Task Part_of_another_version_is_dropped_and_the_file_opened_from_its_start(string header)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, header));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(http.Server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { Middle, null }));
    }

    [TestCase("W/\"v1\"", Middle)]
    [TestCase("W/\"v2\"", 0)]
    [TestCase("v1", 0)]
    public async Task Weak_tag_is_no_condition_and_a_changed_one_is_another_version_whatever_will_judge_the_whole(string tag, int offset)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, $"ETag: {tag}"));

        await using var file = await http.OpenAsync(http.Request(Middle, Sized with { ETag = "W/\"v1\"" }, isJudged: true));

        Assert.That(file.SourceOffset, Is.EqualTo(offset));
        Assert.That(http.Server.Requests.Select(r => r.Headers.ContainsKey("If-Range")), Is.All.False);
    }

    [Test]
    public async Task Changed_date_of_a_file_of_the_same_length_is_another_version()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, "Last-Modified: Tue, 03 Nov 2026 10:00:01 GMT"));

        await using var file = await http.OpenAsync(http.Request(Middle, Dated));

        Assert.That(file.SourceOffset, Is.Zero);
    }

    [Test]
    public async Task Other_size_without_any_mark_is_another_version()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content));

        await using var file = await http.OpenAsync(http.Request(Middle, Sized with { SourceSize = 90_000 }, isJudged: true));

        Assert.That(file.SourceOffset, Is.Zero);
    }

    [Test]
    public async Task Whole_reply_of_another_version_is_used_as_it_is()
    {
        await using var http = new Http(e => ServeWhole(e, "ETag: \"v2\""));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Whole_reply_to_a_right_condition_is_followed_by_a_try_without()
    {
        await using var http = new Http(e => e.Request.Headers.ContainsKey("If-Range")
            ? ServeWhole(e, "ETag: \"v1\"")
            : e.ServeAsync(Http.Content, "ETag: \"v1\""));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.EqualTo(Middle));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[Middle..]));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ignored_range_gives_the_whole_without_a_third_request()
    {
        await using var http = new Http(e => ServeWhole(e, "ETag: \"v1\""));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("416 Range Not Satisfiable")]
    [TestCase("412 Precondition Failed")]
    public async Task File_that_has_no_such_part_any_more_is_opened_from_its_start(string status)
    {
        await using var http = new Http(e =>
            e.Request.RangeStart > 0 ? e.WriteHeadAsync(status, "Content-Length: 0", "Content-Range: bytes */10") : e.ServeAsync(Http.Content));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(http.Server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("Content-Range: bytes 39999-99999/100000", "from 39999 on")]
    [TestCase("Content-Range: bytes 0-99999/100000", "from 0 on")]
    [TestCase("Content-Range: bytes 40000-99998/99999", "99999 bytes")]
    [TestCase("Content-Range: bytes 40000-99999/100001\r\nContent-Length: 60000", "100001 bytes")]
    [TestCase("Content-Range: bytes 40000-99999/100000\r\nContent-Length: 7", "a body of 7")]
    [TestCase("Content-Range: bytes 40000-99999", "no usable Content-Range")]
    [TestCase("Content-Range: lines 40000-99999/100000", "no usable Content-Range")]
    [TestCase("X-Nothing: 0", "no usable Content-Range")]
    [TestCase("Content-Type: multipart/byteranges; boundary=x", "multipart/byteranges")]
    public async Task Wrong_part_is_a_passing_failure_and_never_data(string headers, string words)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", headers, "ETag: \"v1\"", "Connection: close");
            await e.WriteAsync(Http.Content.AsMemory(Middle));
            e.Close();
        });

        var failure = await http.FailAsync(http.Request(Middle, Tagged));

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.Message, Does.Contain(words));
        Assert.That(http.Server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("Content-Type: text/html", "<html>log in</html>")]
    [TestCase("Content-Type: text/html", "log in")]
    [TestCase("Content-Type: application/octet-stream", "<!-- x --><html>log in</html>")]
    [TestCase("Content-Type: application/octet-stream", "")]
    [TestCase("Content-Encoding: gzip", "abc")]
    public async Task Something_else_in_place_of_the_file_may_pass_in_the_middle(string header, string body)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", header, $"Content-Length: {body.Length}");
            await e.WriteAsync(body);
        });

        var failure = await http.FailAsync(http.Request(Middle, Tagged));

        Assert.That(failure.IsTransient, Is.True);
        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
    }

    [Test]
    public async Task Rest_of_a_file_that_is_labelled_as_a_page_is_taken()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, "ETag: \"v1\"", "Content-Type: text/html"));

        Assert.That(await http.DownloadAsync(http.Request(Middle, Tagged)), Is.EqualTo(Http.Content[Middle..]));
    }

    [TestCase("0-999/100000", 100_000)]
    [TestCase("0-999/*", null)]
    public async Task Part_that_ends_where_it_was_announced_is_no_end_of_the_file_and_no_failure(string range, int? size)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", $"Content-Range: bytes {range}", "Content-Length: 1000");
            await e.WriteAsync(Http.Content.AsMemory(0, 1000));
        });
        await using var file = await http.OpenAsync();

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[..1000]));
        Assert.That(file.End, Is.EqualTo(EndEvidence.Part));
        Assert.That(file.Info.SourceSize, Is.EqualTo(size));
    }

    private static async Task ServeWhole(WireExchange exchange, string header)
    {
        await exchange.WriteHeadAsync("200 OK", $"Content-Length: {Http.Content.Length}", header);
        await exchange.WriteAsync(Http.Content);
    }
}
