using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Files that change on the server, and servers that tell their versions badly. Two versions are never mixed.</summary>
public sealed class VersionFaultTests : FaultTest
{
    private const string Date = "Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT\r\nDate: Tue, 03 Nov 2026 11:00:00 GMT";
    private const string LaterDate = "Last-Modified: Tue, 03 Nov 2026 10:00:01 GMT\r\nDate: Tue, 03 Nov 2026 11:00:00 GMT";
    private const string FirstTag = "ETag: \"1\"";
    private const string SecondTag = "ETag: \"2\"";

    [TestCase(FirstTag, SecondTag)]
    [TestCase(Date, LaterDate)]
    [TestCase("ETag: W/\"1\"", "ETag: W/\"2\"")]
    [TestCase("ETag: unquoted-1", "ETag: unquoted-2")]
    public async Task Changed_file_of_the_same_length_is_fetched_from_its_first_byte(string before, string after)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Other, after), before));

        await CompleteAsync(daemon, server, Other);

        var isStrong = before == FirstTag || before == Date;
        await daemon.WaitForLogAsync(
            "starting again from the first byte: " + (before == FirstTag || before == Date ? "the remote file has changed" : ""));
        Assert.That(
            server.Requests.Select(r => r.RangeStart), Is.EqualTo(isStrong ? new long?[] { null, Middle, null } : [null, null]),
            "the rest is not asked for where nothing would prove that it is of the same file");
    }

    // Tags that are made of the size (Apache's FileETag Size).
    [Test]
    public async Task Changed_file_with_the_tag_of_the_one_before_and_another_date_is_fetched_from_its_first_byte()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Other, FirstTag, LaterDate), FirstTag, Date));

        await CompleteAsync(daemon, server, Other);

        await daemon.WaitForLogAsync("starting again from the first byte: the remote file has changed");
    }

    // A tag tells versions of one resource apart: RFC 9110, section 8.8.3.
    [Test]
    public async Task Redirect_that_leads_to_another_file_later_is_another_file_whatever_its_tag()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Target == "/v2.iso")
            {
                await e.ServeAsync(Other, FirstTag);
            }
            else if (e.Request.Target == "/v1.iso")
            {
                await e.ServeUpToAsync(Content, Middle, FirstTag);
                e.Close();
            }
            else
            {
                await e.WriteHeadAsync("302 Found", $"Location: /v{(e.Request.Number == 1 ? 1 : 2)}.iso", "Content-Length: 0");
            }
        });

        await CompleteAsync(daemon, server, Other);
    }

    [Test]
    public async Task Changed_file_that_comes_as_a_whole_is_stored_as_a_whole()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => ServeWholeAsync(e, Other, SecondTag), FirstTag));

        await CompleteAsync(daemon, server, Other);

        Assert.That(server.Requests.Select(r => r.Header("If-Range")), Is.EqualTo(new[] { "", "\"1\"" }));
    }

    [Test]
    public async Task Changed_file_that_has_become_shorter_is_fetched_from_its_first_byte()
    {
        var daemon = await StartQuickAsync();
        var shorter = Other[..1_000_000];
        await using var server = new WireServer(Dropping(
            e => e.Request.RangeStart >= shorter.Length
                ? e.WriteHeadAsync("416 Range Not Satisfiable", $"Content-Range: bytes */{shorter.Length}", "Content-Length: 0")
                : e.ServeAsync(shorter, SecondTag),
            FirstTag));

        await CompleteAsync(daemon, server, shorter);
    }

    [Test]
    public async Task Date_that_is_older_than_its_reply_is_gone_on_with()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Content, Date), Date));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle }));
        Assert.That(server.Requests.Select(r => r.Header("If-Range")), Has.All.Empty, "a date is no condition");
    }

    // The other version has the same length, and the same weak mark.
    [TestCase("ETag: W/\"1\"")]
    [TestCase("Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT\r\nDate: Tue, 03 Nov 2026 10:00:00 GMT")]
    [TestCase("X-Nothing: 0")]
    public async Task Weak_mark_or_none_proves_nothing_and_the_file_is_fetched_from_its_first_byte(string header)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Other, header), header));

        await CompleteAsync(daemon, server, Other);

        await daemon.WaitForLogAsync("nothing proves that the rest would be of the same file");
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, null }));
    }

    [Test]
    public async Task Network_that_answers_200_to_a_right_condition_is_asked_without_one()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(
            e => e.Request.Header("If-Range").Length > 0 ? ServeWholeAsync(e, Content, FirstTag) : e.ServeAsync(Content, FirstTag),
            FirstTag));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, Middle }));
    }

    // Each mirror has a tag of its own, and bytes of its own, so that a mixture would be seen.
    [Test]
    public async Task Mirrors_in_turn_behind_one_name_continue_with_the_one_that_began([Values] bool isConditionHeard)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(async e =>
        {
            var (content, tag) = e.Request.Number % 2 == 1 ? (Content, FirstTag) : (Other, SecondTag);
            if (e.Request.Number == 1)
            {
                await e.ServeUpToAsync(content, Middle, tag, Date);
                e.Close();
            }
            else if (isConditionHeard && !tag.EndsWith(e.Request.Header("If-Range"), StringComparison.Ordinal))
            {
                await ServeWholeAsync(e, content, tag, Date);
            }
            else
            {
                await e.ServeAsync(content, tag, Date);
            }
        });

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, Middle }));
    }

    [Test]
    public async Task Mirror_that_began_and_is_gone_is_replaced_from_the_first_byte()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.ServeAsync(Other, SecondTag, Date), FirstTag, Date));

        await CompleteAsync(daemon, server, Other);

        Assert.That(server.Requests.Count(r => r.RangeStart == Middle), Is.EqualTo(5), "the right one is looked for, within bounds");
    }

    [Test]
    public async Task Versions_that_change_with_every_request_are_never_mixed_and_given_up()
    {
        var daemon = await StartQuickAsync(("downloads:retries", "1"));
        await using var server = new WireServer(async e =>
        {
            await e.ServeUpToAsync(e.Request.Number == 3 ? Other : Content, Middle, $"ETag: \"{e.Request.Number}\"");
            e.Close();
        });

        var reason = await FailAsync(daemon, await DownloadAsync(daemon, server.Address), Other, Middle);

        Assert.That(reason, Does.Contain($"ended at byte {Middle}"));
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, null }));
    }

    private static async Task ServeWholeAsync(WireExchange exchange, byte[] content, params string[] headers)
    {
        await exchange.WriteHeadAsync("200 OK", [$"Content-Length: {content.Length}", .. headers]);
        await exchange.WriteAsync(content);
    }
}
