using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Ftp;

/// <summary>Servers that show a certificate.</summary>
[TestFixture(FtpServer.Vsftpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Vsftpd, FtpServerTls.Implicit)]
[TestFixture(FtpServer.PureFtpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.Explicit)]
[TestFixture(FtpServer.Proftpd, FtpServerTls.Implicit)]
public sealed class FtpCertificateTests(string program, FtpServerTls tls) : FtpServerTest(program, tls)
{
    [Test]
    public async Task Unknown_authority_is_refused_and_so_is_a_wrong_host_name()
    {
        var source = Server.AddFile(NewName(), 100_000);
        var url = Server.Url(Path.GetFileName(source));
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
}
