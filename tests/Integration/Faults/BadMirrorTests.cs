using System.Security.Cryptography;
using System.Text.Json;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>Mirrors of every kind that users have reported: each is left for its own reason, and none of them costs the download a try.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class BadMirrorTests : PacedFaultTest
{
    private const string Gone = "http://nowhere.invalid/a.iso";

    // The reason of those that have sent a good part before may be that of any later request.
    private static readonly (WireScript Script, string Reason)[] Kinds =
    [
        (e => e.WriteHeadAsync("200 OK", $"Content-Length: {Long.Length}", Tag), "answered 200 where a part of the file was asked for"),
        (e => WriteAsync(e, "200 OK", "<html><title>Log in</title></html>", "Content-Type: text/html"), "answered 200 where a part of the file was asked for"),
        (e => WritePartAsync(e, Long.Length + 1), $"says that the file has {Long.Length + 1} bytes instead of {Long.Length}"),
        (e => WritePartAsync(e, Long.Length, "Content-Encoding: gzip"), "gzip"),
        (e => e.WriteHeadAsync("204 No Content"), "204"),
        (e => e.WriteHeadAsync("404 Not Found", "Content-Length: 0"), "404"),
        (Reset, ""),
        (e => e.Request.Number > 1 ? e.WriteHeadAsync("410 Gone", "Content-Length: 0") : SendSomeAsync(e), "410"),
        (e => e.ServeAsync(Long, $"ETag: \"{e.Request.Number}\""), ""),
        (StallAsync, ""),
    ];

    [Test]
    public async Task Each_is_left_for_its_own_reason_and_the_download_goes_on()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:connections_per_host", "1"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        var mirrors = Kinds.Select(kind => new WireServer(kind.Script)).ToList();
        try
        {
            var (url, name) = (new Uri(server.Address, "a.iso").AbsoluteUri, NewName());
            var reply = await daemon.Client.CallAsync("", new
            {
                url,
                name,
                checksum = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Long)),
                mirrors = mirrors.Select(mirror => new Uri(mirror.Address, "a.iso").AbsoluteUri).Prepend(Gone).ToArray(),
            });
            Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
            await CompleteAsync(daemon, name, Long);

            var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
            Assert.That(shown.Number("attempts"), Is.EqualTo(1), daemon.Log);
            AssertReasons(shown.Body);
        }
        finally
        {
            foreach (var mirror in mirrors) await mirror.DisposeAsync();
        }
    }

    private static void AssertReasons(string shown)
    {
        using var json = JsonDocument.Parse(shown);
        var sources = json.RootElement.GetProperty("sources").EnumerateArray().Skip(1).ToList();
        Assert.That(sources, Has.Count.EqualTo(Kinds.Length + 1));
        using var all = Assert.EnterMultipleScope();
        foreach (var (source, reason) in sources.Zip(Kinds.Select(kind => kind.Reason).Prepend("nowhere.invalid")).Where(pair => pair.Second.Length > 0))
        {
            Assert.That(source.GetProperty("status").GetString(), Is.EqualTo("failed"), shown);
            Assert.That(source.GetProperty("error").GetString(), Does.Contain(reason));
        }
    }

    private static Task Reset(WireExchange exchange)
    {
        exchange.Reset();
        return Task.CompletedTask;
    }

    private static async Task SendSomeAsync(WireExchange exchange)
    {
        var start = (int)exchange.Request.RangeStart!.Value;
        await exchange.ServeUpToAsync(Long, start + 300_000, Tag);
        exchange.Close();
    }

    private static async Task StallAsync(WireExchange exchange)
    {
        await exchange.ServeUpToAsync(Long, (int)exchange.Request.RangeStart!.Value + 300_000, Tag);
        await exchange.StallAsync();
    }

    private static async Task WriteAsync(WireExchange exchange, string status, string body, string header)
    {
        await exchange.WriteHeadAsync(status, header, $"Content-Length: {body.Length}");
        await exchange.WriteAsync(body);
    }

    private static async Task WritePartAsync(WireExchange exchange, long total, params string[] headers)
    {
        var (from, to) = (exchange.Request.RangeStart!.Value, exchange.Request.RangeEnd!.Value);
        await exchange.WriteHeadAsync("206 Partial Content", [$"Content-Range: bytes {from}-{to}/{total}", $"Content-Length: {to - from + 1}", Tag, .. headers]);
        await exchange.WriteAsync(Long.AsMemory((int)from, (int)(to - from + 1)));
    }
}
