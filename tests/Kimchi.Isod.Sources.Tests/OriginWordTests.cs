using System.Security.Cryptography;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>What the server of a URL says of a file that a mirror sends: RFC 6249.</summary>
public sealed class OriginWordTests : AuthorityTest
{
    private static readonly byte[] Sha256 = SHA256.HashData(Http.Content);
    private static readonly string Digest = $"sha256:{Convert.ToHexStringLower(Sha256)}";
    private static readonly string Wrong = $"Repr-Digest: sha-256=:{Convert.ToBase64String(new byte[32])}:";

    private static string Right => $"Digest: SHA-256={Convert.ToBase64String(Sha256)}";

    [Test]
    public async Task Redirector_names_mirrors_a_digest_and_a_metalink_and_the_mirror_has_no_say()
    {
        await using var mirror = new Http(e => e.ServeAsync(Http.Content, Wrong, "Link: <http://evil/a.iso>; rel=duplicate"), Options(), certificate: Authority.Issue());
        await using var http = new Http(e => MoveAsync(e, mirror, Right), Options(), certificate: Authority.Issue());

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.FinalUrl.Server, Is.EqualTo(mirror.Url().Server));
        Assert.That(file.Info.Digest, Is.EqualTo(Digest));
        Assert.That(file.Info.Mirrors.Select(m => $"{m.Priority} {m.Location} {m.Url}"), Is.EqualTo(new[]
        {
            "1 de https://ftp.one.example/a.iso", "2 nl http://ftp.two.example/a.iso", $"{Mirror.Last}  ftp://ftp.three.example/a.iso",
        }));
        Assert.That(file.Info.MetalinkUrl!.Uri, Is.EqualTo(new Uri(http.Server.Address, "a.iso.meta4")));
        Assert.That(await Http.ReadAllAsync(file), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Server_that_sends_the_file_itself_vouches_for_it_too()
    {
        await using var http = new Http(e => e.ServeAsync(Http.Content, Right, "Link: <https://m/a.iso>; rel=duplicate"), Options(), certificate: Authority.Issue());

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.Digest, Is.EqualTo(Digest));
        Assert.That(file.Info.Mirrors.Single().Url.ToString(), Is.EqualTo("https://m/a.iso"));
    }

    [Test]
    public async Task Later_reply_of_the_same_server_counts_where_it_says_anything()
    {
        await using var http = new Http(
            e => e.Request.Target == "/a.iso" ? e.WriteHeadAsync("302 Found", "Location: /b.iso", "Content-Length: 0", Wrong, "Link: <https://m/b.iso>; rel=duplicate") : e.ServeAsync(Http.Content, Right),
            Options(), certificate: Authority.Issue());

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.Digest, Is.EqualTo(Digest));
        Assert.That(file.Info.Mirrors, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Server_without_a_checked_certificate_is_not_believed([Values] bool isEncrypted)
    {
        var options = new NetworkOptions { NoProxy = ["*"], InsecureTls = true };
        await using var mirror = new Http(e => e.ServeAsync(Http.Content, Wrong), options);
        await using var http = new Http(
            e => MoveAsync(e, mirror, Right), options with { AllowDowngrade = true }, certificate: isEncrypted ? Authority.Issue() : null);

        await using var file = await http.OpenAsync();

        Assert.That(file.Info.Digest, Is.Null);
        Assert.That(file.Info.Mirrors, Is.Empty);
        Assert.That(file.Info.MetalinkUrl, Is.Null);
    }

    private static Task MoveAsync(WireExchange exchange, Http to, string digest) => exchange.WriteHeadAsync(
        "302 Found", $"Location: {to.Url()}", "Content-Length: 0", digest,
        "Link: <http://ftp.two.example/a.iso>; rel=duplicate; pri=2; geo=NL, <https://ftp.one.example/a.iso>; rel=duplicate; pri=1; geo=de",
        "Link: <a.iso.meta4>; rel=describedby; type=\"application/metalink4+xml\"",
        "Link: <a.iso.torrent>; rel=describedby; type=\"application/x-bittorrent\"",
        "Link: <ftp://ftp.three.example/a.iso>; rel=duplicate; pri=none",
        "Link: <a.iso>; rel=duplicate", "Link: <magnet:?x>; rel=duplicate", "Link: <https://next/>; rel=next");

    private NetworkOptions Options() => new() { NoProxy = ["*"], CaFile = CaFile };
}
