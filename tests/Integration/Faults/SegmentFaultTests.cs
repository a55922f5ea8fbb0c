using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Servers that answer the further connections of a download badly: it goes on with one, tries nothing again, and mixes nothing.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class SegmentFaultTests : PacedFaultTest
{
    private static readonly Dictionary<string, WireScript> Faults = new(StringComparer.Ordinal)
    {
        ["the whole"] = e => e.WriteHeadAsync("200 OK", $"Content-Length: {Long.Length}", Tag),
        ["another version"] = e => e.ServeAsync(LongOther, "ETag: \"2\""),
        ["no version"] = e => e.ServeAsync(LongOther),
        ["another part"] = e => ServePartAsync(e, e.Request.RangeStart!.Value + 1, e.Request.RangeEnd!.Value, Long.Length),
        ["a shorter part"] = e => ServePartAsync(e, e.Request.RangeStart!.Value, e.Request.RangeEnd!.Value - 1, Long.Length),
        ["another size"] = e => ServePartAsync(e, e.Request.RangeStart!.Value, e.Request.RangeEnd!.Value, Long.Length + 1),
        ["no Content-Range"] = e => e.WriteHeadAsync("206 Partial Content", "Content-Length: 1000", Tag),
        ["too many requests"] = e => e.WriteHeadAsync("429 Too Many Requests", "Retry-After: 3600", "Content-Length: 0"),
        ["overload"] = e => e.WriteHeadAsync("503 Service Unavailable", "Content-Length: 0"),
        ["not found"] = e => e.WriteHeadAsync("404 Not Found", "Content-Length: 0"),
        ["a reset"] = e =>
        {
            e.Reset();
            return Task.CompletedTask;
        },
    };

    private static IEnumerable<string> FaultNames => Faults.Keys;

    [TestCaseSource(nameof(FaultNames))]
    public async Task Bad_answer_to_a_second_connection_leaves_the_download_with_one(string fault)
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"));
        await using var server = new WireServer(e => e.Request.RangeEnd is null ? ServePacedAsync(e, Long, Tag) : Faults[fault](e));

        var name = await DownloadAsync(daemon, server.Address);
        await CompleteAsync(daemon, name, Long);

        Assert.That(server.Requests.Count(r => r.RangeEnd is not null), Is.InRange(1, 4), "a second one was tried, and not again and again");
        Assert.That(server.Requests.Count(r => r.RangeEnd is null), Is.EqualTo(1), "the first one goes on");
        var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
        Assert.That(shown.Number("attempts"), Is.EqualTo(1), daemon.Log);
    }

    [Test]
    public async Task Further_connection_that_breaks_is_made_anew_and_nothing_is_tried_again()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"));
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Number != 2)
            {
                await ServePacedAsync(e, Long, Tag);
                return;
            }

            var start = (int)e.Request.RangeStart!.Value;
            await e.ServeUpToAsync(Long, start, Tag);
            await SendPacedAsync(e, Long, start, start + 300_000);
            e.Reset();
        });

        var name = await DownloadAsync(daemon, server.Address);
        await CompleteAsync(daemon, name, Long);

        Assert.That(server.Requests.Count(r => r.RangeEnd is not null), Is.GreaterThan(1));
        var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
        Assert.That(shown.Number("attempts"), Is.EqualTo(1), daemon.Log);
    }

    [Test]
    public async Task File_that_changes_while_several_connections_fetch_it_is_all_of_one_version()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("downloads:retry_max_delay", "1s"));
        var isChanged = 0;
        await using var server = new WireServer(async e =>
        {
            if (e.Request.RangeEnd is not null) Interlocked.Exchange(ref isChanged, 1);
            if (Volatile.Read(ref isChanged) == 0) await ServePacedAsync(e, Long, Tag);
            else if (e.Request.Header("If-Range") is { Length: > 0 } condition && condition != "\"2\"") await ServeNewAsync(e);
            else await ServePacedAsync(e, LongOther, "ETag: \"2\"");
        });

        var name = await DownloadAsync(daemon, server.Address);
        await daemon.Client.WaitUntilCompletedAsync(name);

        var stored = await File.ReadAllBytesAsync(InPool(name));
        // What was sent before the change may be all there is to send.
        Assert.That(stored.AsSpan().SequenceEqual(LongOther) || stored.AsSpan().SequenceEqual(Long), "it is a mixture");
        Assert.That(Volatile.Read(ref isChanged), Is.EqualTo(1), "it has changed in the middle");
    }

    [TestCase("")]
    [TestCase("ETag: W/\"1\"")]
    public async Task Without_a_strong_version_and_a_checksum_there_is_no_second_connection(string version)
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"));
        await using var server = new WireServer(e => version.Length == 0 ? ServePacedAsync(e, Long) : ServePacedAsync(e, Long, version));

        await CompleteAsync(daemon, server, Long);

        Assert.That(server.Requests.Where(r => r.RangeStart is not null && r.RangeStart != Long.Length - 1), Is.Empty);
    }

    [Test]
    public async Task Wrong_bytes_with_the_right_headers_are_found_by_the_checksum()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"));
        await using var server = new WireServer(e => ServePacedAsync(e, e.Request.RangeEnd is null ? Long : LongOther, Tag));

        var name = await DownloadAsync(daemon, server.Address, Hash(Long));
        var status = await daemon.Client.WaitForAsync(name, s => s.Id == "KCHDL0007E");

        Assert.That(status.Text("reason"), Does.Contain("the checksum does not match"));
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    private static string Hash(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static async Task ServeNewAsync(WireExchange exchange)
    {
        await exchange.WriteHeadAsync("200 OK", $"Content-Length: {LongOther.Length}", "ETag: \"2\"", "Accept-Ranges: bytes");
        await SendPacedAsync(exchange, LongOther, 0, LongOther.Length);
    }

    private static async Task ServePartAsync(WireExchange exchange, long from, long to, long total)
    {
        await exchange.WriteHeadAsync("206 Partial Content", $"Content-Range: bytes {from}-{to}/{total}", $"Content-Length: {to - from + 1}", Tag);
        await SendPacedAsync(exchange, Long, (int)from, (int)to + 1);
    }
}
