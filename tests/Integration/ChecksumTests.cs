using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Images are compared with the checksums that their publishers' own tools make.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class ChecksumTests : IsodTest
{
    private const long Size = 3_000_000;

    private string _name = "";
    private string _source = "";

    [SetUp]
    public void AddFile()
    {
        _name = NewName();
        _source = Nginx.AddFile(_name, Size);
    }

    [TestCase("md5")]
    [TestCase("sha1")]
    [TestCase("sha256")]
    [TestCase("sha384")]
    [TestCase("sha512")]
    public async Task Image_that_matches_is_published(string kind)
    {
        var daemon = await StartAsync();

        await AcceptAsync(daemon, new { url = Nginx.Url(_name), name = _name, checksum = $"{kind}:{Hash(kind).ToUpperInvariant()}" });
        await daemon.Client.WaitUntilCompletedAsync(_name);

        AssertSame(_name, _source);
    }

    [TestCase("sha256sum", "", "SHA256SUMS")]
    [TestCase("sha256sum", "--binary", "SHA256SUMS")]
    [TestCase("sha256sum", "--tag", "CHECKSUM")]
    [TestCase("openssl", "dgst -sha512", "CHECKSUMS")]
    [TestCase("md5sum", "", "md5sum.txt")]
    public async Task Lists_that_tools_make_are_read(string tool, string options, string file)
    {
        var lists = NewFolder();
        var made = RunInRoot($"{tool} {options} {_name}");
        File.WriteAllText(Path.Combine(Nginx.Root, lists, file), made);
        var daemon = await StartAsync();

        await AcceptAsync(daemon, new { url = Nginx.Url(_name), name = _name, checksum_url = Nginx.Url($"{lists}/{file}") });
        await daemon.Client.WaitUntilCompletedAsync(_name);

        AssertSame(_name, _source);
    }

    [Test]
    public async Task List_as_a_distribution_publishes_it_is_read_and_its_strongest_entry_wins()
    {
        var lists = NewFolder();
        var (md5, sha256) = (new string('0', 32), Hash("sha256").ToUpperInvariant());
        File.WriteAllText(Path.Combine(Nginx.Root, lists, "CHECKSUM"), $"""
            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA256

            # {_name}: {Size} bytes
            MD5 (./images/{_name}) = {md5}
            SHA256 (./images/{_name}) = {sha256}
            SHA256 (./images/{_name}.torrent) = {new string('1', 64)}
            -----BEGIN PGP SIGNATURE-----

            iQIzBAEBCAAdFiEE6UD5
            -----END PGP SIGNATURE-----
            """.ReplaceLineEndings("\r\n"));
        var daemon = await StartAsync();

        await AcceptAsync(daemon, new { url = Nginx.Url(_name), name = _name, checksum_url = Nginx.Url($"{lists}/CHECKSUM") });
        await daemon.Client.WaitUntilCompletedAsync(_name);

        AssertSame(_name, _source);
    }

    [Test]
    public async Task List_without_an_entry_is_an_error_at_the_start_that_leaves_nothing()
    {
        var lists = NewFolder();
        File.WriteAllText(Path.Combine(Nginx.Root, lists, "SHA256SUMS"), $"{Hash("sha256")}  other.iso\n");
        var daemon = await StartAsync();

        var reply = await daemon.Client.CallAsync(
            "", new { url = Nginx.Url(_name), name = _name, checksum_url = Nginx.Url($"{lists}/SHA256SUMS") });

        AssertError(reply, 400, "KCHDL0008E");
        Assert.That(reply.Text("reason"), Does.Contain($"no entry for '{_name}'").And.Contain("SHA256SUMS"));
        await AssertNothingIsLeftAsync(daemon);
    }

    [Test]
    public async Task List_that_cannot_be_had_is_an_error_at_the_start_that_names_it()
    {
        var daemon = await StartAsync(("downloads:max_checksum_file", "1M"));

        var missing = await daemon.Client.CallAsync("", new { url = Nginx.Url(_name), name = _name, checksum_url = Nginx.Url("missing/SUMS") });
        var tooLarge = await daemon.Client.CallAsync("", new { url = Nginx.Url(_name), name = _name, checksum_url = Nginx.Url(_name) });

        AssertError(missing, 400, "KCHVOL0022E");
        Assert.That(missing.Text("reason"), Does.Contain("missing/SUMS").And.Contain("404"));
        AssertError(tooLarge, 400, "KCHDL0008E");
        Assert.That(tooLarge.Text("reason"), Does.Contain("downloads:max_checksum_file"));
        await AssertNothingIsLeftAsync(daemon);
    }

    [Test]
    public async Task List_that_trickles_keeps_no_start_waiting([Values] bool isInTheHeaders)
    {
        var daemon = await StartAsync(("downloads:checksum_timeout", "1s"));
        await using var server = new WireServer(async e =>
        {
            await e.WriteAsync("HTTP/1.1 200 OK\r\nX-Name: ");
            if (!isInTheHeaders) await e.WriteAsync("sums\r\nContent-Length: 1000000\r\n\r\n");
            while (true)
            {
                await e.WriteAsync("x");
                await Task.Delay(10, e.Stopped);
            }
        });

        var reply = await daemon.Client.CallAsync(
            "", new { url = Nginx.Url(_name), name = _name, checksum_url = new Uri(server.Address, "SHA256SUMS").AbsoluteUri });

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Text("reason"), Does.Contain("within 1 s (downloads:checksum_timeout)"));
        await AssertNothingIsLeftAsync(daemon);
    }

    [TestCase("sha256:12345", "KCHDL0008E")]
    [TestCase("crc32:01234567", "KCHDL0008E")]
    [TestCase("", "KCHDL0008E")]
    public async Task Checksum_that_is_none_is_an_error_at_the_start(string checksum, string id)
    {
        var daemon = await StartAsync();

        AssertError(await daemon.Client.CallAsync("", new { url = Nginx.Url(_name), name = _name, checksum }), 400, id);
        await AssertNothingIsLeftAsync(daemon);
    }

    [Test]
    public async Task Mismatch_is_final_says_expected_and_found_and_the_mended_file_is_fetched_by_a_retry()
    {
        var daemon = await StartAsync();
        var right = Hash("sha256");
        TestFiles.WriteRandom(_source, Size, seed: 2);
        var wrong = Hash("sha256");

        await AcceptAsync(daemon, new { url = Nginx.Url(_name), name = _name, checksum = $"sha256:{right}" });
        var status = await daemon.Client.WaitForAsync(_name, s => s.Id == "KCHDL0007E");
        Assert.That(status.Text("reason"), Does.Contain($"expected sha256:{right}").And.Contain($"found sha256:{wrong}"));
        Assert.That(File.Exists(InPool(_name)), Is.False, "it is never published, and takes no space");
        Assert.That(daemon.Log, Does.Not.Contain("trying again"));
        AssertError(await daemon.Client.StartAsync(Nginx.Url(_name), _name), 400, "KCHVOL0001E");

        TestFiles.WriteRandom(_source, Size, seed: 1);
        Assert.That((await daemon.Client.RetryAsync(_name)).Status, Is.EqualTo(HttpStatusCode.OK));
        await daemon.Client.WaitUntilCompletedAsync(_name);

        AssertSame(_name, _source);
    }

    [Test]
    public async Task Checksum_is_compared_after_a_crash_too([Values] bool matches)
    {
        TestFiles.WriteRandom(_source, 24_000_000, seed: 3);
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        var checksum = $"sha256:{(matches ? Hash("sha256") : new string('0', 64))}";
        await AcceptAsync(daemon, new { url = Nginx.Url("slow/" + _name), name = _name, checksum });
        await daemon.Client.WaitForBytesAsync(_name, 4_000_000);

        await daemon.KillAsync();
        await daemon.StartAsync();

        if (matches) await daemon.Client.WaitUntilCompletedAsync(_name);
        else await daemon.Client.WaitForAsync(_name, s => s.Id == "KCHDL0007E" && s.Body.Contains($"expected {checksum}"));
        Assert.That(File.Exists(InPool(_name)), Is.EqualTo(matches));
        if (matches) AssertSame(_name, _source);
    }

    private static async Task AcceptAsync(IsodProcess daemon, object body)
    {
        var reply = await daemon.Client.CallAsync("", body);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
    }

    private async Task AssertNothingIsLeftAsync(IsodProcess daemon)
    {
        Assert.That(File.Exists(InPool(_name)), Is.False);
        AssertError(await daemon.Client.StatusAsync(_name), 400, "KCHDL0002E");
    }

    private string Hash(string kind) => RunInRoot($"{kind}sum {_name}").Split(' ')[0];

    private static string NewFolder()
    {
        var folder = $"sums-{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path.Combine(Nginx.Root, folder));
        return folder;
    }

    private static string RunInRoot(string command) => ChildProcess.Run("sh", "-c", $"cd {Nginx.Root} && {command}");
}
