using System.Security.Cryptography;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Metalinks and mirrors from a real nginx.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class MetalinkTests : IsodTest
{
    private const long Size = 3_000_000;
    private const int PieceLength = 4_000_000;

    [TestCase("meta4")]
    [TestCase("metalink")]
    public async Task Image_of_a_metalink_is_published_when_its_hash_is_right(string kind)
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync();
        var url = Put(kind, name, Hash(source), Nginx.Url("missing/" + name), Nginx.Url(name));

        var probe = await daemon.Client.CallAsync("/probe", new { url });
        var reply = await AcceptAsync(daemon, new { url });
        Assert.That(probe.Body, Does.Contain("\"metalink\":true").And.Contain($"sha256:{Hash(source)}").And.Contain($"\"name\":\"{name}\""));
        Assert.That(reply.Text("name"), Is.EqualTo(name));
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        var shown = await daemon.Client.SendAsync(HttpMethod.Get, $"{IsodClient.Downloads}/{name}");
        Assert.That(shown.Text("checksum"), Is.EqualTo($"sha256:{Hash(source)}"));
        Assert.That(shown.Text("url"), Is.EqualTo(Nginx.Url(name)), "the first address that has it");
    }

    [Test]
    public async Task Image_that_is_not_the_one_of_the_metalink_fails()
    {
        var (name, _) = NewSource();
        var daemon = await StartAsync();

        await AcceptAsync(daemon, new { url = Put("meta4", name, new string('0', 64), Nginx.Url(name)) });

        await Patience.UntilAsync(async () => (await daemon.Client.StatusAsync(name)).Body.Contains("KCHDL0007E", StringComparison.Ordinal), () => daemon.Log);
        Assert.That((await daemon.Client.StatusAsync(name)).Text("reason"), Does.Contain($"expected sha256:{new string('0', 64)}"));
    }

    [Test]
    public async Task Metalink_that_cannot_be_used_is_400_and_leaves_nothing()
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync();
        var torn = Put("meta4", name, Hash(source), Nginx.Url(name));
        var path = Path.Combine(Nginx.Root, Path.GetFileName(torn));
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path))[..^12]);

        AssertError(await daemon.Client.CallAsync("", new { url = torn }), 400, "KCHDL0013E");
        AssertError(await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, metalink_url = torn }), 400, "KCHDL0013E");
        var other = Put("meta4", name, new string('0', 64), Nginx.Url(name));
        var contradicted = await daemon.Client.CallAsync("", new { url = Nginx.Url(name), name, checksum = $"sha256:{Hash(source)}", metalink_url = other });
        AssertError(contradicted, 400, "KCHDL0013E");
        Assert.That(contradicted.Text("reason"), Does.Contain("one of them is wrong"));
        Assert.That(File.Exists(InPool(name)), Is.False);
    }

    [Test]
    public async Task Mirrors_and_pieces_are_kept_across_a_restart()
    {
        var name = NewName();
        var source = Nginx.AddFile(name, 16_000_000);
        var daemon = await StartAsync();
        var store = new StateStoreFile(daemon.StateDirectory);
        var mirror = Nginx.Url("redirect/" + name).Replace("//", "//user:s3cret@", StringComparison.Ordinal);
        await AcceptAsync(daemon, new
        {
            url = Nginx.Url("slow/" + name),
            name,
            mirrors = new[] { mirror },
            connections = 2,
            metalink_url = Put("meta4", name, Hash(source), Nginx.Url(name)),
        });
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);
        await daemon.Client.PauseAsync(name);
        var before = store.Query($"SELECT mirrors FROM downloads WHERE name = '{name}'");

        await daemon.StopAsync();
        await daemon.StartAsync();

        Assert.That(before, Does.Contain(Nginx.Url("redirect/" + name)).And.Contain(Nginx.Url(name)));
        Assert.That(store.Query($"SELECT mirrors FROM downloads WHERE name = '{name}'"), Is.EqualTo(before));
        Assert.That(store.Query($"SELECT connections FROM downloads WHERE name = '{name}'"), Is.EqualTo(2));
        Assert.That(store.Query("SELECT length(hashes) FROM pieces"), Is.EqualTo(32 * 4));
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
        Assert.That(store.Query($"SELECT mirrors FROM downloads WHERE name = '{name}'"), Does.Not.Contain("s3cret"));
        Assert.That(store.Query("SELECT count(*) FROM pieces"), Is.Zero);
        Assert.That(daemon.Log, Does.Not.Contain("s3cret"));
    }

    [Test]
    public async Task Start_begins_at_a_mirror_where_the_URL_has_nothing()
    {
        var (name, source) = NewSource();
        var daemon = await StartAsync();

        await AcceptAsync(daemon, new { url = Nginx.Url("gone/" + name), name, mirrors = new[] { Nginx.Url("page/" + name), Nginx.Url(name) } });
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
    }

    [Test]
    public async Task Digest_in_the_redirect_of_an_https_server_is_the_checksum_and_of_an_http_server_is_none()
    {
        var (name, source) = NewSource();
        using var directory = new TemporaryDirectory("authority");
        await File.WriteAllTextAsync(directory["ca.pem"], Servers.Authority.Pem);
        var daemon = await StartAsync(("network:ca_file", directory["ca.pem"]));
        var store = new StateStoreFile(daemon.StateDirectory);
        var query = $"vouched?to={name}&digest={Convert.ToBase64String(SHA256.HashData(await File.ReadAllBytesAsync(source)))}&mirror={Nginx.Url(name)}";

        await AcceptAsync(daemon, new { url = Nginx.SecureUrl(query), name });
        await AcceptAsync(daemon, new { url = Nginx.Url(query), name = "plain-" + name });
        await daemon.Client.WaitUntilCompletedAsync(name);
        await daemon.Client.WaitUntilCompletedAsync("plain-" + name);

        AssertSame(name, source);
        Assert.That(store.Query($"SELECT checksum FROM downloads WHERE name = '{name}'"), Is.EqualTo($"sha256:{Hash(source)}"));
        Assert.That(store.Query($"SELECT mirrors FROM downloads WHERE name = '{name}'"), Is.EqualTo($"1 de {Nginx.Url(name)}"));
        Assert.That(daemon.Log, Does.Contain($"it must have sha256:{Hash(source)}, as the server's reply for https://"));
        Assert.That(store.Query($"SELECT coalesce(checksum, mirrors) FROM downloads WHERE name = 'plain-{name}'"), Is.EqualTo(DBNull.Value));
    }

    [Test]
    public async Task Mirror_in_a_denied_network_is_not_connected_to()
    {
        var name = NewName();
        var daemon = await StartAsync(("network:deny_networks", "127.0.0.0/8"));

        var reply = await daemon.Client.CallAsync("", new { url = "http://host.invalid/a.iso", name, mirrors = new[] { Nginx.Url(name) } });

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Text("reason"), Does.Contain("deny_networks"));
    }

    [TestCase("""{"url": "http://127.0.0.1/a", "connections": 17}""", "KCHAPI0008E", "'connections' is 17")]
    [TestCase("""{"url": "http://127.0.0.1/a", "mirrors": ["http://127.0.0.1/b", "rsync://h/c"]}""", "KCHVOL0021E", "mirrors[1]: ")]
    [TestCase("""{"url": "http://127.0.0.1/a", "mirrors": ["http://127.0.0.1/b", null]}""", "KCHVOL0021E", "mirrors[1]: ")]
    [TestCase("""{"url": "http://127.0.0.1/a", "mirrors": "http://127.0.0.1/b"}""", "KCHAPI0008E", "'mirrors' must be a list of texts")]
    [TestCase("""{"url": "http://127.0.0.1/a", "metalink_url": "a.meta4"}""", "KCHVOL0021E", "metalink_url: ")]
    public async Task Unusable_field_is_named(string body, string id, string reason)
    {
        var daemon = await StartAsync();

        var reply = await daemon.Client.SendAsync(HttpMethod.Post, IsodClient.Downloads, body);

        AssertError(reply, 400, id);
        Assert.That(reply.Text("reason"), Does.Contain(reason));
    }

    private static (string Name, string Source) NewSource()
    {
        var name = NewName();
        return (name, Nginx.AddFile(name, Size));
    }

    private static async Task<ApiReply> AcceptAsync(IsodProcess daemon, object body)
    {
        var reply = await daemon.Client.CallAsync("", body);
        Assert.That((int)reply.Status, Is.EqualTo(200), reply.Body);
        return reply;
    }

    private static string Hash(string source) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(source)));

    private static string Put(string kind, string name, string hash, params string[] urls)
    {
        var image = File.ReadAllBytes(Path.Combine(Nginx.Root, name));
        var size = image.Length;
        var pieces = string.Concat(image.Chunk(PieceLength).Select(piece => $"<hash>{Convert.ToHexStringLower(SHA256.HashData(piece))}</hash>"));
        var text = kind == "meta4"
            ? $"""
              <?xml version="1.0" encoding="UTF-8"?>
              <metalink xmlns="urn:ietf:params:xml:ns:metalink"><file name="{name}"><size>{size}</size><hash type="sha-256">{hash}</hash>
              <pieces length="{PieceLength}" type="sha-256">{pieces}</pieces>{string.Concat(urls.Select((url, i) => $"""<url priority="{i + 1}">{url}</url>"""))}</file></metalink>
              """
            : $"""
              <metalink version="3.0" xmlns="http://www.metalinker.org/"><files><file name="{name}"><size>{size}</size>
              <verification><hash type="sha256">{hash}</hash></verification><resources maxconnections="1">
              {string.Concat(urls.Select((url, i) => $"""<url protocol="http" type="http" preference="{100 - i}">{url}</url>"""))}</resources></file></files></metalink>
              """;
        var file = $"{Guid.NewGuid():N}.{kind}";
        File.WriteAllText(Path.Combine(Nginx.Root, file), text);
        return Nginx.Url(file);
    }
}
