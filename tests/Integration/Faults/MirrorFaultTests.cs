using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>The same file on several servers, some of which are slow, gone or wrong.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MirrorFaultTests : PacedFaultTest
{
    private const int PieceLength = 1 << 20;
    private const string OtherTag = "ETag: \"of another server\"";

    private static readonly string Right = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Long));

    [Test]
    public async Task Mirrors_bring_parts_where_a_checksum_judges_the_whole()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:connections_per_host", "1"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        await using var mirror = new WireServer(e => ServePacedAsync(e, Long, OtherTag));

        var name = await StartWithMirrorAsync(daemon, server, mirror, Right);
        await CompleteAsync(daemon, name, Long);

        Assert.That(mirror.Requests, Is.Not.Empty);
        Assert.That(mirror.Requests.Select(r => r.RangeEnd), Has.None.Null);
    }

    [Test]
    public async Task Mirror_is_not_asked_where_nothing_judges_the_whole()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        await using var mirror = new WireServer(e => ServePacedAsync(e, LongOther, OtherTag));

        var name = await StartWithMirrorAsync(daemon, server, mirror, null);
        await CompleteAsync(daemon, name, Long);

        Assert.That(mirror.Requests, Is.Empty);
    }

    [Test]
    public async Task Server_that_goes_away_is_replaced_by_a_mirror_at_the_same_byte()
    {
        var daemon = await StartQuickAsync(("downloads:connections", "1"));
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Number > 1) await e.WriteHeadAsync("404 Not Found", "Content-Length: 0");
            else await e.ServeUpToAsync(Long, 10_000_000, Tag);
            e.Close();
        });
        await using var mirror = new WireServer(e => ServePacedAsync(e, Long, OtherTag));

        var name = await StartWithMirrorAsync(daemon, server, mirror, Right);
        await CompleteAsync(daemon, name, Long);

        Assert.That(mirror.Requests[0].RangeStart, Is.GreaterThan(9_000_000));
    }

    [Test]
    public async Task Without_a_checksum_a_mirror_begins_again_when_the_server_is_given_up()
    {
        var daemon = await StartQuickAsync(("downloads:connections", "1"), ("downloads:retries", "1"));
        await using var server = new WireServer(async e =>
        {
            if (e.Request.Number > 1) await e.WriteHeadAsync("404 Not Found", "Content-Length: 0");
            else await e.ServeUpToAsync(LongOther, 10_000_000, Tag);
            e.Close();
        });
        await using var mirror = new WireServer(e => e.ServeAsync(Long, OtherTag));

        var name = await StartWithMirrorAsync(daemon, server, mirror, null);

        await CompleteAsync(daemon, name, Long);
    }

    [Test]
    public async Task Mirror_that_is_gone_is_left_and_named()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:connections_per_host", "1"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        await using var mirror = new WireServer(e => e.WriteHeadAsync("404 Not Found", "Content-Length: 0"));

        var name = await StartWithMirrorAsync(daemon, server, mirror, Right);
        await CompleteAsync(daemon, name, Long);

        Assert.That(mirror.Requests, Has.Count.EqualTo(1));
        Assert.That(daemon.Log, Does.Contain($"{mirror.Address}a.iso is not asked any more"));
        Assert.That(await ShowSourceAsync(daemon, name, 1), Does.StartWith("failed 0 ").And.Contain("404"), "also when the download has completed");
    }

    [Test]
    public async Task Mirror_with_wrong_bytes_is_left_by_the_hashes_of_the_pieces_and_named()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:connections_per_host", "1"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        await using var mirror = new WireServer(e => ServePacedAsync(e, LongOther, OtherTag));
        var name = NewName();
        var reply = await daemon.Client.CallAsync("", new { url = new Uri(server.Address, "a.iso").AbsoluteUri, name, metalink_url = Put(name, mirror) });
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);

        await CompleteAsync(daemon, name, Long);

        Assert.That(mirror.Requests, Has.Count.EqualTo(1));
        Assert.That(daemon.Log, Does.Contain($"{mirror.Address}a.iso is not asked any more").And.Contain("is not what the metalink says"));
        Assert.That(await ShowSourceAsync(daemon, name, 1), Does.StartWith("failed ").And.Contain("is not what the metalink says"));
    }

    [Test]
    public async Task Mirror_with_wrong_bytes_is_found_by_the_checksum_and_only_what_it_has_sent_is_fetched_again()
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:connections_per_host", "1"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        await using var mirror = new WireServer(e => ServePacedAsync(e, LongOther, OtherTag));

        var name = await StartWithMirrorAsync(daemon, server, mirror, Right);
        await CompleteAsync(daemon, name, Long);

        Assert.That(daemon.Log, Does.Match($@"the checksum does not match; fetching the \d+ bytes that {mirror.Address}a\.iso has sent from {server.Address}a\.iso"));
        Assert.That(await ShowSourceAsync(daemon, name, 1), Does.StartWith("failed ").And.Contain("the checksum is right without its bytes"));
        var fromServer = long.Parse((await ShowSourceAsync(daemon, name, 0)).Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.That(fromServer, Is.InRange(Long.Length, Long.Length + 100_000), "each byte once");
        var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
        Assert.That(shown.Number("attempts"), Is.EqualTo(1), daemon.Log);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Ftp_mirror_brings_a_long_part_unless_it_begins_at_the_first_byte_all_the_same(bool ignoresRest)
    {
        var daemon = await StartAsync(("log:level", "debug"), ("downloads:connections", "4"), ("network:connections_per_host", "1"));
        await using var server = new WireServer(e => ServePacedAsync(e, Long, Tag));
        await using var mirror = new ScriptedFtpServer(new FtpScript(Long) { IgnoresRest = ignoresRest });
        var (url, name) = (new Uri(server.Address, "a.iso").AbsoluteUri, NewName());

        var reply = await daemon.Client.CallAsync("", new { url, name, checksum = Right, mirrors = new[] { $"ftp://127.0.0.1:{mirror.Port}/a.iso" } });
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        await CompleteAsync(daemon, name, Long);

        Assert.That(mirror.Commands, Has.Some.Match("^REST [1-9]"));
        var shown = await ShowSourceAsync(daemon, name, 1);
        if (ignoresRest) Assert.That(shown, Does.StartWith("failed 0 ").And.Contain("the server took REST, and sent the file from its first byte"));
        else Assert.That(shown, Does.Match("^standby [1-9]"));
    }

    private static async Task<string> ShowSourceAsync(IsodProcess daemon, string name, int source)
    {
        var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
        using var json = JsonDocument.Parse(shown.Body);
        var described = json.RootElement.GetProperty("sources")[source];
        return $"{described.GetProperty("status")} {described.GetProperty("bytes")} {described.GetProperty("error")}";
    }

    [SuppressMessage("Security", "CA5350", Justification = "openSUSE's metalinks have such hashes.")]
    private static string Put(string name, WireServer mirror)
    {
        var pieces = string.Concat(Long.Chunk(PieceLength).Select(piece => $"<hash>{Convert.ToHexStringLower(SHA1.HashData(piece))}</hash>"));
        File.WriteAllText(
            Path.Combine(Nginx.Root, name + ".meta4"),
            $"""
             <?xml version="1.0" encoding="UTF-8"?>
             <metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="{name}"><size>{Long.Length}</size><hash type="sha-256">{Right[7..]}</hash>
             <pieces length="{PieceLength}" type="sha-1">{pieces}</pieces><url>{mirror.Address}a.iso</url></file></metalink>
             """);
        return Nginx.Url(name + ".meta4");
    }

    private static async Task<string> StartWithMirrorAsync(IsodProcess daemon, WireServer server, WireServer mirror, string? checksum)
    {
        var (url, name) = (new Uri(server.Address, "a.iso").AbsoluteUri, NewName());
        string[] mirrors = [new Uri(mirror.Address, "a.iso").AbsoluteUri];
        var reply = await (checksum is null
            ? daemon.Client.CallAsync("", new { url, name, mirrors })
            : daemon.Client.CallAsync("", new { url, name, mirrors, checksum }));
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        return name;
    }
}
