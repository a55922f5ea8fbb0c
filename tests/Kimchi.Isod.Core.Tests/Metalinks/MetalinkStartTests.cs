using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Tests.Fakes;

namespace Kimchi.Isod.Core.Tests.Metalinks;

/// <summary>A start with a metalink: as the URL, or beside it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MetalinkStartTests
{
    private const string Link = "https://links/image.iso.meta4";
    private const string Mirror = "https://mirror/image.iso";
    private const int Size = 500_000;
    private const int Piece = 1 << 18;

    private readonly World _world = new(Size);

    private string Sha256 => Convert.ToHexStringLower(SHA256.HashData(_world.Content));

    private string Hash => $"<hash type='sha-256'>{Sha256}</hash>";

    private string Pieces => $"<pieces type='sha-256' length='{Piece}'>{string.Concat(_world.Content.Chunk(Piece).Select(p => $"<hash>{Convert.ToHexStringLower(SHA256.HashData(p))}</hash>"))}</pieces>";

    [TestCase(Link, "text/html", TestName = "Metalink_is_told_by_its_suffix")]
    [TestCase("https://links/get?file=image", "application/metalink4+xml", TestName = "Metalink_is_told_by_its_type")]
    [TestCase("https://links/metalink?repo=x", "application/metalink+xml", TestName = "Metalink_is_told_by_its_older_type")]
    public async Task URL_that_is_a_metalink_is_read_as_one(string url, string type)
    {
        Put(url, $"<size>{Size}</size>{Hash}{Pieces}<url priority='2' location='DE'>http://second/image.iso</url><url priority='1'>{Mirror}</url>", type);

        var record = await StartAsync(new StartRequest("ISO", url, null, null));

        Assert.That(record.Volume.Name, Is.EqualTo("told.iso"));
        Assert.That(record.Url.ToString(), Is.EqualTo(Mirror));
        Assert.That(record.Mirrors.Select(m => $"{m.Priority} {m.Location} {m.Url}"), Is.EqualTo(new[] { "2 de http://second/image.iso" }));
        Assert.That(record.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
        Assert.That(record.Pieces!.Count, Is.EqualTo(2));
        Assert.That(record.ImageSize, Is.EqualTo(Size));
        Assert.That((await _world.WaitForAsync(DownloadState.Completed, "told.iso")).Checksum, Is.EqualTo(record.Checksum));
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Image_that_is_not_the_one_of_the_metalink_fails()
    {
        Put(Link, $"<hash type='sha-256'>{MetalinkSamples.Sha256}</hash><url>{Mirror}</url>");

        await StartAsync(new StartRequest("ISO", Link, "a.iso", null));

        Assert.That((await _world.WaitForAsync(DownloadState.Failed)).Failure!.Kind, Is.EqualTo(DownloadErrorKind.ChecksumMismatch));
    }

    [Test]
    public async Task Metalink_beside_the_URL_adds_its_mirrors_and_hash()
    {
        Put(Link, $"<size>{Size}</size>{Hash}{Pieces}<url priority='3'>{Mirror}</url><url priority='4'>{World.Url}</url>");

        var record = await StartAsync(Beside() with { Mirrors = ["ftp://mine/image.iso"] });

        Assert.That(record.Url.ToString(), Is.EqualTo(World.Url));
        Assert.That(record.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { "ftp://mine/image.iso", Mirror }));
        Assert.That(record.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
        Assert.That(record.Pieces, Is.Not.Null);
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task Mirror_with_a_file_of_another_size_is_passed_by()
    {
        Put(Link, $"<size>{Size}</size>{Hash}<url priority='1'>https://old/image.iso</url><url priority='2'>https://loop/x</url><url priority='3'>{Mirror}</url>");
        _world.Source.Elsewhere["https://old/image.iso"] = (new byte[7], (string?)null);
        _world.Source.Elsewhere["https://loop/x"] = (new byte[Size], (string?)"application/metalink4+xml");

        var record = await StartAsync(new StartRequest("ISO", Link, "a.iso", null));

        Assert.That(record.Url.ToString(), Is.EqualTo(Mirror));
        await _world.WaitForAsync(DownloadState.Completed);
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Checksum_of_the_user_counts_where_the_metalink_has_none_of_its_kind()
    {
        Put(Link, $"<hash type='sha-512'>{MetalinkSamples.Sha512}</hash><url>{Mirror}</url>");

        var record = await StartAsync(new StartRequest("ISO", Link, "a.iso", null, $"sha256:{Sha256}"));

        Assert.That(record.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
        await _world.WaitForAsync(DownloadState.Completed);
    }

    [Test]
    public async Task List_of_checksums_has_the_file_by_the_name_of_the_metalink_without_its_suffix()
    {
        Put(Link, $"<url>{Mirror}</url>");
        _world.Source.Elsewhere["https://links/SHA256SUMS"] = (Encoding.ASCII.GetBytes($"{Sha256}  image.iso\n"), (string?)null);

        var record = await StartAsync(new StartRequest("ISO", Link, "a.iso", null, ChecksumUrl: "https://links/SHA256SUMS"));

        Assert.That(record.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
    }

    [Test]
    public async Task Weak_hash_of_a_metalink_is_no_checksum()
    {
        Put(Link, $"<hash type='sha-1'>{MetalinkSamples.Sha1}</hash><url>{Mirror}</url>");

        Assert.That((await StartAsync(new StartRequest("ISO", Link, "a.iso", null))).Checksum, Is.Null);
    }

    [Test]
    public async Task Encrypted_metalink_without_a_hash_leads_to_encrypted_mirrors_only()
    {
        Put(Link, $"<url priority='1'>http://plain/image.iso</url><url priority='2'>{Mirror}</url><url priority='3'>ftp://plain/image.iso</url>");

        var record = await StartAsync(new StartRequest("ISO", Link, "a.iso", null));

        Assert.That(record.Url.ToString(), Is.EqualTo(Mirror));
        Assert.That(record.Mirrors, Is.Empty);
    }

    private IEnumerable<(string What, string Content, StartRequest Request, string Reason)> Refused()
    {
        var alone = new StartRequest("ISO", Link, "a.iso", null);
        yield return ("it is malformed", "<size>x</size>", alone, $"{Link}: the metalink cannot be used: the size of the file");
        yield return ("it has no address", $"{Hash}<url>rsync://host/x</url>", alone, "no http, https, ftp or ftps address");
        yield return ("it has plain addresses only", "<url>http://host/x</url>", alone, "none that is encrypted");
        yield return ("its hash is another than the user's", $"{Hash}<url>{Mirror}</url>", alone with { Checksum = $"sha256:{new string('0', 64)}" }, "one of them is wrong");
        yield return ("its size is another than the URL's", $"<size>{Size + 1}</size>{Hash}<url>{Mirror}</url>", Beside(), $"{World.Url}: the file has 500000 bytes there, where the metalink says 500001");
        yield return ("its only mirror is another metalink", $"{Hash}<url>https://loop/x</url>", alone, "it leads to another metalink");
    }

    [Test]
    public void Metalink_that_contradicts_itself_or_the_request_is_refused_and_nothing_is_left()
    {
        _world.Source.Elsewhere["https://loop/x"] = (new byte[3], (string?)"application/metalink4+xml");
        foreach (var (what, content, request, reason) in Refused())
        {
            Put(Link, content);
            Assert.That(() => StartAsync(request), MetalinkReaderTests.ThrowsInvalid(reason), what);
            Assert.That(_world.Source.OpenFiles, Is.Zero, what);
            Assert.That(_world.Pools.Has("a.iso"), Is.False, what);
            Assert.That(_world.Scheduler.IsAtRest, what);
        }
    }

    [Test]
    public void Metalink_that_cannot_be_had_is_no_reason_to_go_on_without_it()
    {
        _world.Source.Elsewhere[Link] = new DownloadException(DownloadErrorKind.RemoteUnreadable, "404");

        Assert.That(() => StartAsync(Beside()), Throws.TypeOf<DownloadException>().With.Message.EqualTo("metalink_url: 404"));
        Assert.That(
            () => StartAsync(new StartRequest("ISO", Link, "a.iso", null) { Mirrors = [Mirror] }), Throws.TypeOf<DownloadException>().With.Message.EqualTo("404"));
        Assert.That(_world.Source.Requests.Select(r => r.Url.ToString()), Is.All.EqualTo(Link));
    }

    [Test]
    public async Task File_of_a_metalink_of_several_is_chosen_by_the_name_in_the_URL()
    {
        var text = $"<metalink xmlns='urn:ietf:params:xml:ns:metalink'><file name='other.iso'><size>1</size></file><file name='image.iso'>{Hash}</file></metalink>";
        _world.Source.Elsewhere[Link] = (Encoding.UTF8.GetBytes(text), (string?)null);

        Assert.That((await StartAsync(Beside())).Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
    }

    [Test]
    public async Task Probe_tells_what_a_metalink_leads_to()
    {
        Put(Link, $"<size>{Size}</size>{Hash}<url priority='1'>{Mirror}</url><url priority='2'>http://second/image.iso</url>");

        var found = await _world.Commands.ProbeAsync(new StartRequest("ISO", Link, null, null), CancellationToken.None);

        Assert.That(found.IsMetalink);
        Assert.That(found.Name, Is.EqualTo("told.iso"));
        Assert.That(found.Info.SourceSize, Is.EqualTo(Size));
        Assert.That(found.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
        Assert.That(found.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { "http://second/image.iso" }));
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Probe_takes_mirrors_and_a_metalink_beside_the_URL_as_a_start_does()
    {
        Put(Link, $"<size>{Size}</size>{Hash}<url priority='1'>{Mirror}</url>");

        var found = await _world.Commands.ProbeAsync(Beside() with { Mirrors = ["https://mine/image.iso"] }, CancellationToken.None);

        Assert.That(found.IsMetalink, Is.False);
        Assert.That(found.Checksum!.ToString(), Is.EqualTo($"sha256:{Sha256}"));
        Assert.That(found.Mirrors.Select(m => m.Url.ToString()), Is.EqualTo(new[] { "https://mine/image.iso", Mirror }));
        Assert.That(_world.Store.LoadLive(), Is.Empty);
        Assert.That(_world.Source.OpenFiles, Is.Zero);
    }

    [Test]
    public async Task Connections_that_a_metalink_allows_each_server_are_kept()
    {
        Put(Link, $"<size>{Size}</size>{Hash}<url maxconnections='2'>{World.Url}</url><url maxconnections='1'>{Mirror}</url><url maxconnections='0'>http://c/image.iso</url>");

        var record = await StartAsync(Beside() with { Mirrors = [Mirror] });

        Assert.That(record.UrlConnections, Is.EqualTo(2), "of the URL itself");
        Assert.That(record.Mirrors.Select(m => m.MostConnections), Is.EqualTo(new[] { 1, default(int?) }), "also of a mirror that the user gives, too");
    }

    private static StartRequest Beside() => new("ISO", World.Url, "a.iso", null) { MetalinkUrl = Link };

    private Task<DownloadRecord> StartAsync(StartRequest request) => _world.Commands.StartAsync(request, CancellationToken.None);

    private void Put(string url, string content, string? type = null) =>
        _world.Source.Elsewhere[url] = (Encoding.UTF8.GetBytes(MetalinkSamples.Of(content, "told.iso")), type);
}
