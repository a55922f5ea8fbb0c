using System.Globalization;
using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Ftp;

/// <summary>Downloads from the FTP servers that people run, each without TLS, with AUTH TLS, and with implicit TLS where it has it.</summary>
[TestFixture(FtpServer.Vsftpd, FtpServerTls.None)]
[TestFixture(FtpServer.Vsftpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Vsftpd, FtpServerTls.Implicit)]
[TestFixture(FtpServer.PureFtpd, FtpServerTls.None)]
[TestFixture(FtpServer.PureFtpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.None)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.Implicit)]
public sealed class FtpTests(string program, FtpServerTls tls) : IsodTest
{
    private const long Size = 16_000_000;

    // A quarter of the file in a second: time enough to do something in the middle of it.
    private static readonly (string, string) Slowly = ("downloads:limit_rate", "4M");

    private TemporaryDirectory _files = null!;
    private FtpServer _server = null!;

    [OneTimeSetUp]
    public void StartServer()
    {
        _files = new TemporaryDirectory("ca");
        File.WriteAllText(_files["ca.pem"], Servers.Authority.Pem);
        _server = new FtpServer(program, Servers.Authority, tls);
    }

    [OneTimeTearDown]
    public void StopServer()
    {
        _server.Dispose();
        _files.Dispose();
    }

    [Test]
    public async Task File_arrives_byte_for_byte_for_anybody_and_with_a_login()
    {
        var daemon = await StartTrustingAsync();
        foreach (var size in new[] { 1, 65_536, Size + 1 })
        {
            var source = _server.AddFile(NewName(), size);
            await DownloadAndCompareAsync(daemon, _server.Url(Path.GetFileName(source)), source);
            await DownloadAndCompareAsync(daemon, _server.Url(Path.GetFileName(source), FtpServer.Password), source);
        }
    }

    [Test]
    public async Task Login_of_the_request_is_used_and_shown_nowhere()
    {
        var daemon = await StartTrustingAsync(("log:level", "trace"));
        var name = NewName();
        var source = _server.AddFile(name, 100_000);

        var reply = await daemon.Client.CallAsync("", new { url = _server.Url(name), username = FtpServer.User, password = FtpServer.Password });
        Assert.That(reply.ToString(), Is.EqualTo($$"""200 {"name":"{{name}}"}"""));
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(daemon.Log, Does.Not.Contain(FtpServer.Password));
        Assert.That(File.ReadAllText($"/proc/{daemon.Id}/cmdline"), Does.Not.Contain(FtpServer.Password));
    }

    [Test]
    public async Task Pause_stops_it_and_resume_goes_on_from_the_next_byte()
    {
        var daemon = await StartTrustingAsync(Slowly);
        var (name, source) = await StartDownloadAsync(daemon);

        Assert.That((await daemon.Client.PauseAsync(name)).ToString(), Is.EqualTo("200 {}"));
        var paused = await daemon.Client.StatusAsync(name);
        Assert.That(paused.Text("status"), Is.EqualTo("paused"));
        Assert.That((await daemon.Client.ResumeAsync(name)).ToString(), Is.EqualTo("200 {}"));
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        AssertWentOnFrom(daemon, paused.Number("downloaded_size"));
    }

    [Test]
    public async Task Daemon_that_is_started_again_goes_on_where_it_was()
    {
        var daemon = await StartTrustingAsync(Slowly);
        var (name, source) = await StartDownloadAsync(daemon);

        var (exitCode, _) = await daemon.StopAsync();
        Assert.That(exitCode, Is.Zero, daemon.Log);
        await daemon.StartAsync();
        var status = await daemon.Client.StatusAsync(name);
        await daemon.Client.WaitUntilCompletedAsync(name);

        AssertSame(name, source);
        Assert.That(status.Number("downloaded_size"), Is.Positive);
        Assert.That(daemon.Log, Does.Not.Contain("starting again"));
    }

    [Test]
    public async Task Server_that_is_killed_and_comes_back_costs_nothing()
    {
        var daemon = await StartTrustingAsync(Slowly);
        var (name, source) = await StartDownloadAsync(daemon);

        _server.Stop();
        try
        {
            await daemon.Client.WaitForAsync(name, _ => daemon.Log.Contains("trying again", StringComparison.Ordinal));
            Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));
        }
        finally
        {
            _server.Start();
        }

        await daemon.Client.WaitUntilCompletedAsync(name);
        AssertSame(name, source);
        Assert.That(daemon.Log, Does.Not.Contain("starting again"));
    }

    [Test]
    public async Task Cancel_in_the_middle_leaves_nothing()
    {
        var daemon = await StartTrustingAsync(Slowly);
        var (name, _) = await StartDownloadAsync(daemon);

        Assert.That((await daemon.Client.CancelAsync(name)).ToString(), Is.EqualTo("200 {}"));

        Assert.That(File.Exists(InPool(name)), Is.False);
        Patience.Until(() => IsodProcess.ConnectionsTo(_server.Port) == 0, () => "a connection to the server is left");
    }

    [TestCase("wrong")]
    [TestCase("")]
    public async Task Refused_login_is_told_in_the_servers_words(string password)
    {
        var daemon = await StartTrustingAsync();

        var reply = await daemon.Client.StartAsync(_server.Url(Path.GetFileName(_server.AddFile(NewName(), 10)), password));

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("'530 ").And.Contain("user name and a password"));
    }

    [Test]
    public async Task Missing_file_is_told_in_the_servers_words()
    {
        var daemon = await StartTrustingAsync();

        foreach (var path in new[] { "no-such-file.iso", "no-such-directory/a.iso" })
        {
            var reply = await daemon.Client.StartAsync(_server.Url(path));
            AssertError(reply, 400, "KCHVOL0022E");
            Assert.That(reply.Body, Does.Contain("'550 "));
        }
    }

    [Test]
    public async Task Directory_and_empty_file_are_refused()
    {
        var daemon = await StartTrustingAsync();
        _server.AddFile("directory.iso/inside", 10);
        _server.AddFile("empty.iso", 0);

        AssertError(await daemon.Client.StartAsync(_server.Url("directory.iso/")), 400, "KCHDL0006E");
        AssertError(await daemon.Client.StartAsync(_server.Url("directory.iso")), 400, "KCHVOL0022E");
        AssertError(await daemon.Client.StartAsync(_server.Url("empty.iso")), 400, "KCHDL0006E");
        Assert.That(Directory.GetFiles(Servers.Pool, "*.iso").Select(Path.GetFileName), Has.None.AnyOf("directory.iso", "empty.iso"));
    }

    [TestCase("a name with spaces.iso", "a%20name%20with%20spaces.iso")]
    [TestCase("ISO/日本語 50%.iso", "ISO/%E6%97%A5%E6%9C%AC%E8%AA%9E%2050%25.iso")]
    public async Task Name_of_any_characters_is_found_and_kept(string file, string path)
    {
        var daemon = await StartTrustingAsync();
        var source = _server.AddFile(file, 200_000);

        var reply = await daemon.Client.StartAsync(_server.Url(path, FtpServer.Password));
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        var name = reply.Text("name");
        await daemon.Client.WaitUntilCompletedAsync(name);

        Assert.That(name, Is.EqualTo(Path.GetFileName(file)));
        AssertSame(name, source);
        File.Delete(InPool(name));
    }

    [Test]
    public async Task Absolute_path_begins_at_the_servers_root()
    {
        var daemon = await StartTrustingAsync();
        var source = _server.AddFile(NewName(), 200_000);

        await DownloadAndCompareAsync(daemon, _server.Url($"%2F{source[1..]}", FtpServer.Password), source);
    }

    [Test]
    public async Task Unknown_authority_is_refused_and_so_is_a_wrong_host_name()
    {
        if (tls is FtpServerTls.None) Assert.Pass("this server shows no certificate");
        var source = _server.AddFile(NewName(), 100_000);
        var url = _server.Url(Path.GetFileName(source));
        var trusting = await StartTrustingAsync();
        var other = await StartAsync();
        var careless = await StartAsync(("network:insecure_tls", "true"));

        var unknown = await other.Client.StartAsync(url);
        var wrong = await trusting.Client.StartAsync(url.Replace("localhost", "127.0.0.2", StringComparison.Ordinal));
        await DownloadAndCompareAsync(careless, url, source);

        AssertError(unknown, 400, "KCHVOL0022E");
        Assert.That(unknown.Body, Does.Contain("network:ca_file"));
        AssertError(wrong, 400, "KCHVOL0022E");
    }

    [Test]
    public async Task Server_that_demands_tls_is_not_reached_without_and_the_other_way_round()
    {
        var name = Path.GetFileName(_server.AddFile(NewName(), 10));
        var never = await StartTrustingAsync(("network:ftp_tls", "never"));
        var require = await StartTrustingAsync(("network:ftp_tls", "require"));

        if (tls is FtpServerTls.Explicit) AssertError(await never.Client.StartAsync(_server.Url(name, FtpServer.Password)), 400, "KCHVOL0022E");
        if (tls is not FtpServerTls.None) return;
        AssertError(await require.Client.StartAsync(_server.Url(name)), 400, "KCHVOL0022E");
        AssertError(await require.Client.StartAsync(_server.Url(name).Replace("ftp:", "ftps:", StringComparison.Ordinal)), 400, "KCHVOL0022E");
    }

    [Test]
    public async Task Ftps_url_is_explicit_tls_where_the_server_greets_in_plain_text()
    {
        if (tls is not FtpServerTls.Explicit) Assert.Pass("another kind of server");
        var daemon = await StartTrustingAsync();
        var source = _server.AddFile(NewName(), 300_000);

        await DownloadAndCompareAsync(
            daemon, _server.Url(Path.GetFileName(source), FtpServer.Password).Replace("ftp:", "ftps:", StringComparison.Ordinal), source);
    }

    private Task<IsodProcess> StartTrustingAsync(params (string Key, string Value)[] settings) =>
        StartAsync([("network:ca_file", _files["ca.pem"]), .. settings]);

    // A download that is under way, and will be for some seconds.
    private async Task<(string Name, string Source)> StartDownloadAsync(IsodProcess daemon)
    {
        var name = NewName();
        var source = _server.AddFile(name, Size);
        var reply = await daemon.Client.StartAsync(_server.Url(name, FtpServer.Password), name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);
        return (name, source);
    }

    private static void AssertWentOnFrom(IsodProcess daemon, long position)
    {
        Assert.That(daemon.Log, Does.Contain(string.Create(CultureInfo.InvariantCulture, $"transfer begins at byte {position} of {Size}")));
        Assert.That(daemon.Log, Does.Not.Contain("starting again"));
    }
}
