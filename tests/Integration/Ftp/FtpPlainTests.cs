using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Ftp;

/// <summary>Servers without TLS.</summary>
[TestFixture(FtpServer.Vsftpd, FtpServerTls.None)]
[TestFixture(FtpServer.PureFtpd, FtpServerTls.None)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.None)]
public sealed class FtpPlainTests(string program, FtpServerTls tls) : FtpServerTest(program, tls)
{
    [Test]
    public async Task Tls_that_is_demanded_is_not_done_without()
    {
        var url = Server.Url(Path.GetFileName(Server.AddFile(NewName(), 10)));
        var require = await StartTrustingAsync(("network:ftp_tls", "require"));

        AssertError(await require.Client.StartAsync(url), 400, "KCHVOL0022E");
        AssertError(await require.Client.StartAsync(url.Replace("ftp:", "ftps:", StringComparison.Ordinal)), 400, "KCHVOL0022E");
    }
}
