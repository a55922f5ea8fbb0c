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
