using System.Net;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Whole transfers, compared byte by byte in the pool's directory.</summary>
public sealed class TransferTests : IsodTest
{
    private const int Head = 64 * 1024;
    private const int Window = 1 << 20;
    private const int Packet = 393_192;

    [Test]
    public async Task File_of_any_size_arrives_byte_for_byte()
    {
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        long[] edges = [1, Packet, Head, Head + Packet, Head + Window, Head + (2 * Window)];
        foreach (var size in edges.SelectMany(e => new[] { e - 1, e, e + 1 }).Where(s => s > 0).Append(10_000_000))
        {
            var name = NewName();
            var source = Nginx.AddFile(name, size, seed: (int)size);
            await DownloadAndCompareAsync(daemon, Nginx.Url(name), source);
        }
    }

    [Test]
    public async Task File_over_4_gib_arrives_byte_for_byte()
    {
        const long Size = (4L << 30) + 12_345;
        var name = NewName();
        var source = Path.Combine(Nginx.Root, name);
        if (new DriveInfo(Servers.Pool).AvailableFreeSpace < 2 * Size)
            Assert.Ignore("this machine has no room for a file over 4 GiB");
        TestFiles.WriteSparse(source, Size, 0, 40_000, 70_000, (2L << 30) - 4, (4L << 30) - 4, 4L << 30, Size - 8);
        var daemon = await StartAsync();

        await DownloadAndCompareAsync(daemon, Nginx.Url(name), source);
        File.Delete(source);
    }

    [Test]
    public async Task Https_with_the_administrators_own_authority_works_and_without_it_is_refused()
    {
        var name = NewName();
        var source = Nginx.AddFile(name, 3_000_000);
        var authority = Path.Combine(Nginx.Root, "ca.pem");
        File.WriteAllText(authority, Servers.Authority.Pem);
        var trusting = await StartAsync(("network:ca_file", authority));
        var other = await StartAsync();

        await DownloadAndCompareAsync(trusting, Nginx.SecureUrl(name), source);
        var refused = await other.Client.StartAsync(Nginx.SecureUrl(name));

        AssertError(refused, 400, "KCHVOL0022E");
        Assert.That(refused.Body, Does.Contain("network:ca_file"));
    }

    [Test]
    public async Task One_request_is_enough_and_it_is_no_head()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 3_000_000);

        await DownloadAndCompareAsync(daemon, Nginx.Url("presigned/" + name), source);

        Assert.That(
            Nginx.AccessLog.Where(e => e.Uri.EndsWith(name, StringComparison.Ordinal)).Select(e => (e.Method, e.Status)),
            Is.EqualTo(new[] { ("GET", 200) }));
    }

    [Test]
    public async Task Redirects_are_followed()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 100_000);

        await DownloadAndCompareAsync(daemon, Nginx.Url("redirect/" + name), source);
    }

    [Test]
    public async Task Credentials_of_the_url_or_the_request_open_what_is_closed_and_are_shown_nowhere()
    {
        var daemon = await StartAsync();
        var name = NewName();
        var source = Nginx.AddFile(name, 100_000);
        var url = Nginx.Url("secret/" + name);

        AssertError(await daemon.Client.StartAsync(url), 400, "KCHVOL0022E");
        await DownloadAndCompareAsync(daemon, url.Replace("http://", "http://user:pass@"), source);
        var other = NewName();
        await daemon.Client.CallAsync("", new { url, name = other, username = "user", password = "pass" });
        await daemon.Client.WaitUntilCompletedAsync(other);

        await daemon.StopAsync();
        Assert.That(daemon.Log.Replace("a password", ""), Does.Not.Contain("pass"));
        Assert.That(
            Directory.GetFiles(daemon.StateDirectory).Select(File.ReadAllText), Has.None.Contains("pass@"),
            "what has ended keeps no secret");
    }

    // Whatever is asked or written, while the download lives and after it.
    [Test]
    public async Task Headers_of_ones_own_open_what_is_closed_and_are_shown_nowhere()
    {
        const string Secret = "dXNlcjpwYXNz";
        var daemon = await StartAsync(("log:level", "debug"));
        using var events = await daemon.Client.OpenEventsAsync();
        var (name, other) = (NewName(), NewName());
        var source = Nginx.AddFile(name, 100_000);
        var url = Nginx.Url("secret/" + name);
        var headers = new Dictionary<string, string> { ["Authorization"] = "Basic " + Secret };
        List<string> seen = [];

        var probe = await daemon.Client.CallAsync("/probe", new { url, headers });
        Assert.That((int)probe.Status, Is.EqualTo(200), probe.Body);
        seen.Add(probe.Body);
        var start = await daemon.Client.CallAsync("", new { url, name, headers, start_paused = true });
        Assert.That((int)start.Status, Is.EqualTo(200), start.Body);
        seen.Add((await daemon.Client.GetAsync($"{IsodClient.Downloads}/{name}")).Body);
        var refused = await daemon.Client.CallAsync("", new { url, name = other, headers = new { Range = Secret } });
        AssertError(refused, 400, "KCHAPI0008E");
        seen.Add(refused.Body);
        var wrong = await daemon.Client.CallAsync("", new { url, name = other, headers = new { Authorization = 5 } });
        AssertError(wrong, 400, "KCHAPI0008E");
        Assert.That(wrong.Body, Does.Contain("'headers' must be an object of texts"));
        await daemon.Client.ResumeAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);

        var told = await events.ReadUntilAsync(e => e.Name == "download" && e.Text("name") == name && e.Text("status") == "completed");
        seen.AddRange(told.Select(e => e.Data.ToString()));
        foreach (var path in new[] { IsodClient.Downloads, $"{IsodClient.Downloads}/{name}", "/metrics", "/healthz" }) seen.Add((await daemon.Client.GetAsync(path)).Body);
        await daemon.StopAsync();
        seen.Add(daemon.Log);
        seen.AddRange(Directory.GetFiles(daemon.StateDirectory).Select(File.ReadAllText));
        Assert.That(seen, Has.None.Contains(Secret));
    }

    [Test]
    public async Task File_of_unknown_size_grows_and_its_size_is_known_at_the_end()
    {
        var daemon = await StartAsync(("downloads:window_size", "1M"));
        var name = NewName();
        var source = Nginx.AddFile(name, 5_000_001);

        var reply = await daemon.Client.StartAsync(Nginx.Url("chunked/" + name), name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(Libvirtd.Virsh("vol-info", "--bytes", "--pool", "ISO", name), Does.Contain("5000001"));
    }

    [Test]
    public async Task Sparse_volumes_carry_the_same_bytes([Values("full", "none")] string allocate, [Values("windows", "full")] string verify)
    {
        var daemon = await StartAsync(
            ("downloads:allocate", allocate), ("downloads:verify", verify), ("downloads:window_size", "1M"));
        var name = NewName();
        var source = Path.Combine(Nginx.Root, name);
        TestFiles.WriteSparse(source, 9_000_000, 0, 70_000, 3_000_000, 8_000_000);

        await DownloadAndCompareAsync(daemon, Nginx.Url(name), source);
    }

    [Test]
    public async Task Server_that_is_gone_for_a_while_costs_nothing()
    {
        var daemon = await StartAsync();
        using var server = new NginxServer(Servers.Authority);
        var name = NewName();
        var source = server.AddFile(name, 16_000_000);
        await daemon.Client.StartAsync(server.Url("slow/" + name), name);
        await daemon.Client.WaitForBytesAsync(name, 1_000_000);

        server.Stop();
        await daemon.Client.WaitForAsync(name, _ => daemon.Log.Contains("trying again", StringComparison.Ordinal));
        Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));
        server.Start();
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(server.AccessLog[^1].Bytes, Is.LessThan(16_000_000), "it went on in the middle");
    }
}
