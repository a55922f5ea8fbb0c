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
public sealed class FtpTests(string program, FtpServerTls tls) : FtpServerTest(program, tls)
{
    private const long Size = 16_000_000;

    // A quarter of the file in a second: time enough to do something in the middle of it.
    private static readonly (string, string) Slowly = ("downloads:limit_rate", "4M");

    [Test]
    public async Task File_arrives_byte_for_byte_for_anybody_and_with_a_login()
    {
        var daemon = await StartTrustingAsync();
        foreach (var size in new[] { 1, 65_536, Size + 1 })
        {
            var source = Server.AddFile(NewName(), size);
            await DownloadAndCompareAsync(daemon, Server.Url(Path.GetFileName(source)), source);
            await DownloadAndCompareAsync(daemon, Server.Url(Path.GetFileName(source), FtpServer.Password), source);
        }
    }

    [Test]
    public async Task Login_of_the_request_is_used_and_shown_nowhere()
    {
        var daemon = await StartTrustingAsync(("log:level", "trace"));
        var name = NewName();
        var source = Server.AddFile(name, 100_000);

        var reply = await daemon.Client.CallAsync("", new { url = Server.Url(name), username = FtpServer.User, password = FtpServer.Password });
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
        await AssertWentOnFromAsync(daemon, paused.Number("downloaded_size"));
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

        Server.Stop();
        try
        {
            await daemon.Client.WaitForAsync(name, _ => daemon.Log.Contains("trying again", StringComparison.Ordinal));
            Assert.That((await daemon.Client.StatusAsync(name)).Text("status"), Is.EqualTo("downloading"));
        }
        finally
        {
            Server.Start();
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
        Patience.Until(() => daemon.ConnectionsTo(Server.Port) == 0, () => "a connection to the server is left");
    }

    [TestCase("wrong")]
    [TestCase("")]
    public async Task Refused_login_is_told_in_the_servers_words(string password)
    {
        var daemon = await StartTrustingAsync();

        var reply = await daemon.Client.StartAsync(Server.Url(Path.GetFileName(Server.AddFile(NewName(), 10)), password));

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("'530 ").And.Contain("user name and a password"));
    }

    [Test]
    public async Task Missing_file_is_told_in_the_servers_words()
    {
        var daemon = await StartTrustingAsync();

        foreach (var path in new[] { "no-such-file.iso", "no-such-directory/a.iso" })
        {
            var reply = await daemon.Client.StartAsync(Server.Url(path));
            AssertError(reply, 400, "KCHVOL0022E");
            Assert.That(reply.Body, Does.Contain("'550 "));
        }
    }

    [Test]
    public async Task Directory_and_empty_file_are_refused()
    {
        var daemon = await StartTrustingAsync();
        var (directory, empty) = (NewName(), NewName());
        Server.AddFile($"{directory}/inside", 10);
        Server.AddFile(empty, 0);

        AssertError(await daemon.Client.StartAsync(Server.Url($"{directory}/")), 400, "KCHDL0006E");
        AssertError(await daemon.Client.StartAsync(Server.Url(directory)), 400, "KCHVOL0022E");
        AssertError(await daemon.Client.StartAsync(Server.Url(empty)), 400, "KCHDL0006E");
        Assert.That(File.Exists(InPool(directory)) || File.Exists(InPool(empty)), Is.False);
    }

    [TestCase("a name with spaces ", "a%20name%20with%20spaces%20")]
    [TestCase("ISO/日本語 50%", "ISO/%E6%97%A5%E6%9C%AC%E8%AA%9E%2050%25")]
    public async Task Name_of_any_characters_is_found_and_kept(string file, string path)
    {
        var daemon = await StartTrustingAsync();
        var unique = NewName();
        (file, path) = (file + unique, path + unique);
        var source = Server.AddFile(file, 200_000);

        var reply = await daemon.Client.StartAsync(Server.Url(path, FtpServer.Password));
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
        var source = Server.AddFile(NewName(), 200_000);

        await DownloadAndCompareAsync(daemon, Server.Url($"%2F{source[1..]}", FtpServer.Password), source);
    }

    // A download that is under way, and will be for some seconds.
    private async Task<(string Name, string Source)> StartDownloadAsync(IsodProcess daemon)
    {
        var name = NewName();
        var source = Server.AddFile(name, Size);
        var reply = await daemon.Client.StartAsync(Server.Url(name, FtpServer.Password), name);
        Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
        await daemon.Client.WaitForBytesAsync(name, 2_000_000);
        return (name, source);
    }

    private static async Task AssertWentOnFromAsync(IsodProcess daemon, long position)
    {
        await daemon.WaitForLogAsync(string.Create(CultureInfo.InvariantCulture, $"transfer begins at byte {position} of {Size}"));
        Assert.That(daemon.Log, Does.Not.Contain("starting again"));
    }
}
