using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Servers that do not come to terms with us, in OpenSSL's own words: <c>openssl s_server</c>.</summary>
public sealed class TlsRefusalTests
{
    private TestAuthority _authority = null!;
    private string _file = null!;

    [SetUp]
    public void MakeCertificate()
    {
        _authority = new TestAuthority();
        _file = Path.GetTempFileName();
        using var certificate = _authority.Issue();
        using var key = certificate.GetECDsaPrivateKey();
        File.WriteAllText(_file, certificate.ExportCertificatePem() + "\n" + key!.ExportPkcs8PrivateKeyPem());
    }

    [TearDown]
    public void Forget()
    {
        _authority.Dispose();
        File.Delete(_file);
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Wish_for_a_client_certificate_is_named(string version)
    {
        var failure = await FailAsync(version, "-Verify", "1", "-verify_return_error");

        Assert.That(failure.Message, Does.Contain("the server wants a client certificate").And.Not.Contain("inner exception"));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Server_that_does_without_the_certificate_that_it_asks_for_is_read(string version)
    {
        // Its page of statistics is no image.
        Assert.That((await FailAsync(version, "-verify", "1")).Kind, Is.EqualTo(DownloadErrorKind.NotAnImage));
    }

    [Test]
    public async Task Cipher_that_is_not_in_common_is_named()
    {
        var failure = await FailAsync("-tls1_2", "-cipher", "PSK");

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("no cipher").And.Not.Contain("inner exception").And.Not.Contain("client certificate"));
    }

    [Test]
    public async Task Version_that_is_not_in_common_is_named()
    {
        var failure = await FailAsync("-tls1_1", "-cipher", "ALL:@SECLEVEL=0");

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("version in common").And.Not.Contain("inner exception"));
    }

    private static NetworkOptions Insecure => new() { NoProxy = ["*"], InsecureTls = true };

    private async Task<DownloadException> FailAsync(params string[] arguments)
    {
        using var server = await StartAsync(arguments);
        using var source = new RemoteSource(Insecure, TimeProvider.System);
        return (await Assert.ThrowsAsync<DownloadException>(() => source.OpenAsync(server.Request, CancellationToken.None)))!;
    }

    private async Task<Server> StartAsync(params string[] arguments)
    {
        var port = LoopbackPorts.FindFree();
        var isReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = ChildProcess.Start(
            "openssl",
            ["s_server", "-accept", $"127.0.0.1:{port}", "-cert", _file, "-key", _file, "-www", .. arguments],
            onLine: line =>
            {
                if (line.StartsWith("ACCEPT", StringComparison.Ordinal)) isReady.TrySetResult();
            });
        await isReady.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return new Server(process, port);
    }

    private sealed class Server(ChildProcess process, int port) : IDisposable
    {
        public RemoteRequest Request { get; } = new RemoteRequest(RemoteUrl.Parse($"https://localhost:{port}/a.iso"), null);

        public void Dispose() => process.Dispose();
    }
}
