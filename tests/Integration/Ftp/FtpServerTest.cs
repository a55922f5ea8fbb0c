using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Integration.Tests.Ftp;

/// <summary>A test with a real FTP server, which all tests of its fixture share.</summary>
/// <param name="program">Which one.</param>
/// <param name="tls">Whether it speaks TLS.</param>
[Parallelizable(ParallelScope.Self)]
public abstract class FtpServerTest(string program, FtpServerTls tls) : IsodTest
{
    private TemporaryDirectory _files = null!;

    private protected FtpServer Server { get; private set; } = null!;

    [OneTimeSetUp]
    public void StartServer()
    {
        _files = new TemporaryDirectory("ca");
        File.WriteAllText(_files["ca.pem"], Servers.Authority.Pem);
        Server = new FtpServer(program, Servers.Authority, tls);
    }

    [OneTimeTearDown]
    public void StopServer()
    {
        Server.Dispose();
        _files.Dispose();
    }

    /// <summary>Starts a daemon that trusts the server's certificate.</summary>
    private protected Task<IsodProcess> StartTrustingAsync(params (string Key, string Value)[] settings) =>
        StartAsync([("network:ca_file", _files["ca.pem"]), .. settings]);
}
