using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Ftp;

/// <summary>Servers that let nobody in before AUTH TLS.</summary>
[TestFixture(FtpServer.Vsftpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.PureFtpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.Explicit)]
public sealed class FtpExplicitTlsTests(string program, FtpServerTls tls) : FtpServerTest(program, tls)
{
    [Test]
    public async Task Server_that_demands_tls_lets_nobody_in_without()
    {
        var never = await StartTrustingAsync(("network:ftp_tls", "never"));

        AssertError(await never.Client.StartAsync(Server.Url(Path.GetFileName(Server.AddFile(NewName(), 10)), FtpServer.Password)), 400, "KCHVOL0022E");
    }

    [Test]
    public async Task Ftps_url_is_explicit_tls_where_the_server_greets_in_plain_text()
    {
        var daemon = await StartTrustingAsync();
        var source = Server.AddFile(NewName(), 300_000);

        await DownloadAndCompareAsync(
            daemon, Server.Url(Path.GetFileName(source), FtpServer.Password).Replace("ftp:", "ftps:", StringComparison.Ordinal), source);
    }
}
