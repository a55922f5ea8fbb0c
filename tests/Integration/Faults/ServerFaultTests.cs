using System.Globalization;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Replies in the middle of a file that are not its next bytes.</summary>
public sealed class ServerFaultTests : FaultTest
{
    private static readonly long?[] OnceFromTheMiddle = [null, Middle];
    private static readonly long?[] TwiceFromTheMiddle = [null, Middle, Middle];

    [TestCase("403 Forbidden", "the URL may have expired")]
    [TestCase("404 Not Found", "check the URL")]
    public async Task Refusal_in_the_middle_ends_the_download_and_keeps_what_is_stored(string status, string advice)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.WriteHeadAsync(status, "Content-Length: 0")));

        var reason = await FailAsync(daemon, await DownloadAsync(daemon, server.Address), Content, Middle);

        Assert.That(reason, Does.Contain($"answered {status}").And.Contain(advice));
        Assert.That(
            server.Requests.Select(r => r.RangeStart),
            Is.EqualTo(status.StartsWith("403", StringComparison.Ordinal) ? [null, Middle, null] : OnceFromTheMiddle),
            "a 403 may be meant for the range: the whole file is asked for before it counts");
    }

    [Test]
    public async Task Retry_after_in_seconds_is_honoured_by_503()
    {
        var daemon = await StartQuickAsync(("downloads:retry_max_delay", "5m"));
        await using var server = new WireServer(Dropping(e => e.Request.Number == 2
            ? e.WriteHeadAsync("503 Service Unavailable", "Retry-After: 2", "Content-Length: 0")
            : e.ServeAsync(Content, Tag)));

        var name = await DownloadAsync(daemon, server.Address);
        await daemon.WaitForLogAsync("trying again in 00:00:02: ");
        await AssertDownloadingAsync(daemon, name);

        await CompleteAsync(daemon, name, Content);
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(TwiceFromTheMiddle));
    }

    // The date is so far away that the longest delay of the configuration counts; a backoff would be a little shorter.
    [Test]
    public async Task Retry_after_with_a_date_is_honoured_by_429()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.Request.Number == 2
            ? e.WriteHeadAsync("429 Too Many Requests", $"Retry-After: {DateTimeOffset.UtcNow.AddHours(1):R}", "Content-Length: 0")
            : e.ServeAsync(Content, Tag)));

        var name = await DownloadAsync(daemon, server.Address);
        await daemon.WaitForLogAsync("trying again in 00:00:01: ");

        await CompleteAsync(daemon, name, Content);
    }

    [Test]
    public async Task Tries_without_progress_are_bounded()
    {
        var daemon = await StartQuickAsync(("downloads:retries", "1"));
        await using var server = new WireServer(Dropping(e => e.WriteHeadAsync("503 Service Unavailable", "Content-Length: 0")));

        var reason = await FailAsync(daemon, await DownloadAsync(daemon, server.Address), Content, Middle);

        Assert.That(reason, Does.Contain("answered 503 Service Unavailable"));
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(OnceFromTheMiddle));
    }

    [Test]
    public async Task Tries_with_progress_are_not_counted()
    {
        var daemon = await StartQuickAsync(("downloads:retries", "1"));
        await using var server = new WireServer(async e =>
        {
            var end = (int)(e.Request.RangeStart ?? 0) + 1_100_000;
            await e.ServeUpToAsync(Content, Math.Min(end, Content.Length), Tag);
            e.Close();
        });

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Server_that_cannot_continue_and_always_drops_at_one_place_is_given_up()
    {
        var daemon = await StartQuickAsync(("downloads:retries", "1"));
        await using var server = new WireServer(async e =>
        {
            await ServeWholeAsync(e, Content, Middle);
            e.Close();
        });

        var reason = await FailAsync(daemon, await DownloadAsync(daemon, server.Address), Content, Middle);

        Assert.That(reason, Does.Contain($"ended at byte {Middle}"));
        Assert.That(server.Requests, Has.Count.EqualTo(2));
    }

    [TestCase("Content-Range: bytes */4000000")]
    [TestCase("X-Nothing: 0")]
    public async Task Range_that_cannot_be_satisfied_leads_back_to_the_first_byte(string header)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => e.Request.Number == 2
            ? e.WriteHeadAsync("416 Range Not Satisfiable", header, "Content-Length: 0")
            : e.ServeAsync(Content, Tag)));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(new long?[] { null, Middle, null }));
    }

    [Test]
    public async Task Range_that_is_ignored_gives_the_whole_file_from_its_first_byte()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(e => ServeWholeAsync(e, Content, Content.Length)));

        await CompleteAsync(daemon, server, Content);

        await daemon.WaitForLogAsync("starting again from the first byte: nothing proves that the rest would be of the same file");
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(OnceFromTheMiddle));
    }

    [TestCase("Content-Range: bytes 2499999-3999999/4000000", "sent the bytes from 2499999 on")]
    [TestCase("Content-Range: bytes 0-3999999/4000000", "sent the bytes from 0 on")]
    [TestCase("Content-Range: bytes 2500000-3999999/4000001", "says that the file has 4000001 bytes, where it said 4000000")]
    [TestCase("Content-Type: multipart/byteranges; boundary=x", "sent several parts")]
    [TestCase("X-Nothing: 0", "without telling which")]
    public async Task Part_that_is_another_than_was_asked_for_is_not_used_and_asked_for_again(string header, string words)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(
            async e =>
            {
                if (e.Request.Number > 2)
                {
                    await e.ServeAsync(Content, Tag);
                    return;
                }

                await e.WriteHeadAsync("206 Partial Content", header, Tag, "Connection: close");
                await e.WriteAsync(Other);
                e.Close();
            },
            Tag));

        await CompleteAsync(daemon, server, Content);

        await daemon.WaitForLogAsync(words);
        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(TwiceFromTheMiddle));
    }

    [Test]
    public async Task Chunks_beyond_the_promised_size_end_the_download()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(async e =>
        {
            await e.WriteHeadAsync(
                "206 Partial Content", "Transfer-Encoding: chunked", $"Content-Range: bytes 0-{Content.Length - 1}/{Content.Length}");
            await e.WriteAsync($"{Content.Length + 1:x}\r\n");
            await e.WriteAsync(Content);
            await e.WriteAsync("x\r\n0\r\n\r\n");
        });

        var reason = await FailAsync(daemon, await DownloadAsync(daemon, server.Address), Content, Stored);

        Assert.That(reason, Does.Contain($"sent more than the {Content.Length} bytes that it promised"));
    }

    [Test]
    public async Task Bytes_after_the_promised_length_are_not_the_files()
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(async e =>
        {
            await e.ServeAsync(Content, Tag);
            await e.WriteAsync("and more");
            e.Close();
        });

        await CompleteAsync(daemon, server, Content);
    }

    [TestCase("Content-Type: text/html", "<!DOCTYPE html><title>Log in</title>")]
    [TestCase("Content-Type: application/octet-stream", "<!DOCTYPE html><title>Log in</title>")]
    [TestCase("Content-Type: application/octet-stream", "")]
    public async Task Page_or_nothing_in_place_of_the_file_deletes_nothing_and_is_waited_out(string header, string page)
    {
        var daemon = await StartQuickAsync();
        await using var server = new WireServer(Dropping(async e =>
        {
            if (e.Request.Number > 2)
            {
                await e.ServeAsync(Content, Tag);
                return;
            }

            await e.WriteHeadAsync("200 OK", header, $"Content-Length: {page.Length.ToString(CultureInfo.InvariantCulture)}");
            await e.WriteAsync(page);
        }));

        await CompleteAsync(daemon, server, Content);

        Assert.That(server.Requests.Select(r => r.RangeStart), Is.EqualTo(TwiceFromTheMiddle));
    }

    private static async Task ServeWholeAsync(WireExchange exchange, byte[] content, int end)
    {
        await exchange.WriteHeadAsync("200 OK", $"Content-Length: {content.Length}");
        await exchange.WriteAsync(content.AsMemory(0, end));
    }
}
