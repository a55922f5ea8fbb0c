using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests;

/// <summary>Servers that let in only those who show a certificate: nginx with <c>ssl_verify_client on</c>, vsftpd with <c>require_cert</c>.</summary>
[Parallelizable(ParallelScope.Self)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClientCertificateTests : IsodTest, IDisposable
{
    private readonly TemporaryDirectory _files = new("client");
    private readonly TestAuthority _authority = new(name: "clients");

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Test]
    public async Task Https_server_that_demands_a_certificate_gets_the_one_of_its_host()
    {
        using var nginx = StartNginx();
        var source = nginx.AddFile(NewName(), 3_000_000);
        var url = nginx.SecureUrl(Path.GetFileName(source));
        using var between = new TestAuthority(_authority, "between");
        Write("localhost.pem", Pem(between) + between.Pem);
        var with = await StartAsync(Settings);
        var without = await StartAsync(Settings[..1]);

        var refused = await without.Client.StartAsync(url);
        await DownloadAndCompareAsync(with, url, source);

        AssertError(refused, 400, "KCHVOL0022E");
        Assert.That(refused.Body, Does.Contain("it seems that the server wants a client certificate, and there is none for it (network:client_certificates)"));
        AssertError(await with.Client.StartAsync(url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)), 400, "KCHVOL0022E");
        Assert.That(with.Log, Does.Not.Contain("can read"));
    }

    [Test]
    public async Task Ftps_server_that_demands_a_certificate_gets_the_one_of_its_host()
    {
        File.WriteAllText(_files["clients"], _authority.Pem);
        using var ftp = new FtpServer(FtpServer.Vsftpd, Servers.Authority, FtpServerTls.Implicit, _files["clients"]);
        var source = ftp.AddFile(NewName(), 3_000_000);
        var url = ftp.Url(Path.GetFileName(source));
        Write("localhost.pem", Pem(_authority));
        var with = await StartAsync(Settings);
        var without = await StartAsync(Settings[..1]);

        AssertError(await without.Client.StartAsync(url), 400, "KCHVOL0022E");
        await DownloadAndCompareAsync(with, url, source);
    }

    [Test]
    public async Task Certificates_come_from_the_credentials_of_systemd()
    {
        using var nginx = StartNginx();
        var source = nginx.AddFile(NewName(), 100_000);
        File.WriteAllText(_files["client_certificates_localhost.pem"], Pem(_authority));
        var daemon = Prepare(Settings[..1]);
        daemon.Environment["CREDENTIALS_DIRECTORY"] = _files.Path;
        await daemon.StartAsync();

        await DownloadAndCompareAsync(daemon, nginx.SecureUrl(Path.GetFileName(source)), source);
    }

    [Test]
    public async Task Bad_file_keeps_the_daemon_from_starting_and_an_open_one_is_warned_of()
    {
        Write("localhost.pem", Pem(_authority));
        File.SetUnixFileMode(_files["folder/localhost.pem"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var open = await StartAsync(Settings);
        await open.WaitForLogAsync("localhost.pem has a private key that other users of this machine can read");
        Write("localhost.pem", _authority.Pem);
        var daemon = Prepare(Settings);
        daemon.StartWithoutWaiting();

        Assert.That(await daemon.WaitForExitAsync(), Is.EqualTo(1));
        Assert.That(daemon.Log, Does.Contain($"network:client_certificates: {_files["folder/localhost.pem"]} cannot be used: it has no private key"));
    }

    private (string Key, string Value)[] Settings
    {
        get
        {
            File.WriteAllText(_files["ca"], Servers.Authority.Pem);
            return [("network:ca_file", _files["ca"]), ("network:client_certificates", Directory.CreateDirectory(_files["folder"]).FullName)];
        }
    }

    private NginxServer StartNginx()
    {
        File.WriteAllText(_files["clients"], _authority.Pem);
        return new NginxServer(Servers.Authority, $"ssl_client_certificate {_files["clients"]}; ssl_verify_client on; ssl_verify_depth 3;");
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(_files["folder"]);
        File.WriteAllText(_files["folder/" + file], text);
        File.SetUnixFileMode(_files["folder/" + file], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string Pem(TestAuthority authority)
    {
        using var certificate = authority.Issue("client");
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}
