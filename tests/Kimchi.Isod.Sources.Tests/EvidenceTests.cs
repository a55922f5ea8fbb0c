using System.Globalization;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>What proves the end of a file, and what to do with replies that contradict themselves.</summary>
public sealed class EvidenceTests
{
    private const int Middle = 40_000;
    private static readonly int Size = Http.Content.Length;
    private static readonly Validator Tagged = new("\"v1\"", null, Size);

    [TestCase(true, EndEvidence.Told)]
    [TestCase(false, EndEvidence.None)]
    public async Task Over_tls_only_close_notify_says_where_a_body_without_length_ends(bool closesTls, EndEvidence expected)
    {
        using var authority = new TestAuthority();
        await using var http = new Http(
            async e =>
            {
                await e.WriteHeadAsync("200 OK", "Connection: close");
                await e.WriteAsync(Http.Content);
                if (closesTls) await ((System.Net.Security.SslStream)e.Stream).ShutdownAsync();
                e.EndSending();
                e.Close();
            },
            new NetworkOptions { NoProxy = ["*"], InsecureTls = true },
            certificate: authority.Issue());

        await using var file = await http.OpenAsync();

        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(file.End, Is.EqualTo(expected));
    }

    [TestCase("Content-Length: 100000, 100000")]
    [TestCase("Content-Length: 100000\r\nContent-Length: 100000")]
    public async Task Length_that_is_told_twice_counts_once_and_the_connection_may_stay(string headers)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", headers);
            await e.WriteAsync(Http.Content);
        });

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.EqualTo(Size));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(file.End, Is.EqualTo(EndEvidence.Told));
    }

    [TestCase("Content-Length: 5\r\nContent-Length: 7")]
    [TestCase("Content-Length: 5, 7")]
    [TestCase("Content-Length: many")]
    [TestCase("Content-Length: -5")]
    public async Task Lengths_that_differ_or_are_none_may_pass(string headers)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", headers);
            await e.WriteAsync("abcde");
            e.Close();
        });

        Assert.That((await http.FailAsync()).IsTransient, Is.True);
    }

    [Test]
    public async Task Chunks_count_and_the_length_beside_them_does_not()
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("200 OK", "Content-Length: 3", "Transfer-Encoding: chunked");
            await e.WriteAsync("5\r\nabcde\r\n0\r\n\r\n");
        });

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.SourceSize, Is.Null);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo("abcde"u8.ToArray()));
    }

    [TestCase("Tue, 03 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:01 GMT", true)]
    [TestCase("Tue, 03 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00 GMT", false)]
    [TestCase("Tue, 03 Nov 2026 10:00:00 GMT", "yesterday", false)]
    [TestCase("Tue, 03 Nov 2026 10:00:00 GMT\r\nLast-Modified: Tue, 03 Nov 2026 09:00:00 GMT", "Tue, 03 Nov 2026 10:00:01 GMT", false)]
    public async Task Date_is_strong_a_second_before_its_reply(string modified, string made, bool isStrong)
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, $"Last-Modified: {modified}", $"Date: {made}"));

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.Version.IsStrong, Is.EqualTo(isStrong));
    }

    private static IEnumerable<TestCaseData> Contradictions()
    {
        var rest = (Size - Middle).ToString(CultureInfo.InvariantCulture);
        yield return Case("as many bytes as are missing", "200 OK", $"Content-Length: {rest}");
        yield return Case("the same tag with another size", "200 OK", "ETag: \"v1\"\r\nContent-Length: 20");
        yield return Case("a 200 with a range", "200 OK", $"ETag: \"v2\"\r\nContent-Range: bytes {Middle}-{Size - 1}/{Size}");
        yield return Case("a 206 with no range", "206 Partial Content", "ETag: \"v1\"");
        yield return Case("a 206 with half a range", "206 Partial Content", $"ETag: \"v1\"\r\nContent-Range: bytes {Middle}-/{Size}");
        yield return Case("an error", "500 Oops", "Content-Length: 0");

        static TestCaseData Case(string name, string status, string headers) => new TestCaseData(status, headers).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Contradictions))]
    public async Task Contradiction_is_asked_again_and_then_the_whole_is_asked_for(string status, string headers)
    {
        await using var http = new Http(async e =>
        {
            if (e.Request.RangeStart is null)
            {
                await e.ServeAsync(Http.Content, "ETag: \"v1\"");
                return;
            }

            await e.WriteHeadAsync(status, headers, "Connection: close");
            e.Close();
        });

        var first = await http.FailAsync(http.Request(Middle, Tagged));
        await using var file = await http.OpenAsync(http.Request(Middle, Tagged, refusals: 1));
        await using var later = await http.OpenAsync(http.Request(Middle, Tagged, refusals: 2));

        Assert.That(first.IsUnusableRest, Is.True, first.Message);
        Assert.That(first.IsTransient, Is.True);
        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
        Assert.That(http.Server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { Middle, Middle, null, null }));
    }

    [TestCase(0)]
    [TestCase(32_768)]
    public async Task Part_that_begins_before_is_taken_the_second_time_from_where_it_says(int start)
    {
        await using var http = new Http(async e =>
        {
            await e.WriteHeadAsync("206 Partial Content", $"Content-Range: bytes {start}-{Size - 1}/{Size}", $"Content-Length: {Size - start}", "ETag: \"v1\"");
            await e.WriteAsync(Http.Content.AsMemory(start));
        });

        var first = await http.FailAsync(http.Request(Middle, Tagged));
        await using var file = await http.OpenAsync(http.Request(Middle, Tagged, refusals: 1));

        Assert.That(first.IsUnusableRest, Is.True);
        Assert.That(file.SourceOffset, Is.EqualTo(start));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content[start..]));
    }

    [TestCase("403 Forbidden")]
    [TestCase("405 Method Not Allowed")]
    [TestCase("501 Not Implemented")]
    public async Task Refusal_of_a_range_is_followed_by_the_whole(string status)
    {
        await using var http = new Http(e =>
            e.Request.RangeStart is null ? e.ServeAsync(Http.Content, "ETag: \"v1\"") : e.WriteHeadAsync(status, "Content-Length: 0"));

        await using var file = await http.OpenAsync(http.Request(Middle, Tagged));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Rest_is_not_asked_for_where_nothing_would_prove_that_it_is_of_the_same_file()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content));

        await using var file = await http.OpenAsync(http.Request(Middle, new Validator("W/\"v1\"", null, Size)));

        Assert.That(file.SourceOffset, Is.Zero);
        Assert.That(http.Server.Requests.Single().RangeStart, Is.Null);
    }

    [Test]
    public async Task Range_that_begins_at_the_end_of_a_file_of_unknown_size_proves_the_end()
    {
        await using var http = new Http(e => e.WriteHeadAsync("416 Range Not Satisfiable", $"Content-Range: bytes */{Size}", "Content-Length: 0"));

        await using var file = await http.OpenAsync(http.Request(Size, Tagged with { SourceSize = null }));

        Assert.That(file.SourceOffset, Is.EqualTo(Size));
        Assert.That(await Http.ReadAllAsync(file), Is.Empty);
        Assert.That(file.End, Is.EqualTo(EndEvidence.Told));
    }

    [TestCase(true, true)]
    [TestCase(false, false)]
    public async Task One_byte_tells_whether_a_server_that_says_nothing_takes_ranges(bool takesRanges, bool expected)
    {
        await using var http = new Http(async e =>
        {
            if (takesRanges && e.Request.RangeStart is not null) await e.ServeAsync(Http.Content, "ETag: \"v1\"");
            else await e.WriteHeadAsync("200 OK", $"Content-Length: {Size}", "ETag: \"v1\"");
        });
        await using var file = await http.OpenAsync();
        Assert.That(file.Info.IsResumable, Is.Null);

        Assert.That(await http.CanContinueAsync(file.Info), Is.EqualTo(expected));

        Assert.That(http.Server.Requests[^1].Header("Range"), Is.EqualTo("bytes=99999-99999"));
    }
}
