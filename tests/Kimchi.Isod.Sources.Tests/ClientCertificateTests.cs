using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Sources.Network;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>The folder of client certificates: <c>network:client_certificates</c>.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ClientCertificateTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new("certificates");
    private readonly TestAuthority _authority = new();
    private readonly List<string> _warnings = [];

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [TestCase("host.pem", "https://host/a.iso", true)]
    [TestCase("host.pem", "https://HOST:8443/a.iso", true)]
    [TestCase("Host.pem", "https://host./a.iso", true)]
    [TestCase("client_certificates_host.pem", "https://host/a.iso", true)]
    [TestCase("host.pem", "ftps://host/a.iso", true)]
    [TestCase("127.0.0.1.pem", "https://127.0.0.1/a.iso", true)]
    [TestCase("host.pem", "https://other.host/a.iso", false)]
    [TestCase("host.pem", "https://host.other/a.iso", false)]
    [TestCase("host.pem~", "https://host/a.iso", false)]
    public void File_is_for_the_host_of_its_name(string file, string url, bool isFound)
    {
        Write(file, Pem());

        Assert.That(New().Find(new Uri(url)), isFound ? Is.Not.Null : Is.Null);
    }

    [TestCase("nothing at all", "has no certificate")]
    [TestCase("CERTIFICATE", "has no private key")]
    [TestCase("KEY", "has no certificate")]
    [TestCase("CERTIFICATE OTHERKEY", "the key is not that of the first certificate")]
    [TestCase("CERTIFICATE ENCRYPTEDKEY", "its private key is encrypted")]
    [TestCase("BADCERTIFICATE KEY", "cannot be read")]
    public void File_that_cannot_be_used_is_named_at_the_start_and_nothing_of_it_is_shown(string parts, string why)
    {
        using var certificate = _authority.Issue();
        using var key = certificate.GetECDsaPrivateKey()!;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write("host.pem", string.Join('\n', parts.Split(' ').Select(part => part switch
        {
            "CERTIFICATE" => certificate.ExportCertificatePem(),
            "KEY" => key.ExportPkcs8PrivateKeyPem(),
            "OTHERKEY" => other.ExportPkcs8PrivateKeyPem(),
            "ENCRYPTEDKEY" => key.ExportEncryptedPkcs8PrivateKeyPem("password", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)),
            "BADCERTIFICATE" => "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----",
            _ => part,
        })));

        var failure = Assert.Throws<IOException>(() => New());

        Assert.That(failure!.Message, Does.StartWith($"network:client_certificates: {_folder["host.pem"]} cannot be used: ").And.Contain(why).And.Not.Contain("-----\n"));
    }

    [Test]
    public void File_that_leads_nowhere_and_a_folder_that_is_not_there_are_named()
    {
        File.CreateSymbolicLink(_folder["host.pem"], "/nowhere/host.pem");

        Assert.That(() => New(), Throws.TypeOf<IOException>().With.Message.Contains("host.pem cannot be used: it is not there"));
        Assert.That(
            () => new ClientCertificates(new NetworkOptions { ClientCertificates = "/nowhere" }, new Recorder(_warnings)),
            Throws.TypeOf<IOException>().With.Message.Contains("/nowhere cannot be read"));
    }

    [Test]
    public void File_that_changes_is_read_again_and_one_that_has_gone_bad_stops_the_request()
    {
        Write("host.pem", Pem());
        var certificates = New();
        var url = new Uri("https://host/");
        var first = certificates.Find(url)!;
        Assert.That(certificates.Find(url), Is.SameAs(first));

        Write("host.pem", Pem() + "\n");
        Assert.That(certificates.Find(url)!.Certificate.SerialNumber, Is.Not.EqualTo(first.Certificate.SerialNumber));

        Write("host.pem", "no more");
        Assert.That(() => certificates.Find(url), Throws.TypeOf<DownloadException>().With.Message.Contains("host.pem cannot be used"));
    }

    [TestCase("host.pem", UnixFileMode.UserRead, false)]
    [TestCase("host.pem", UnixFileMode.UserRead | UnixFileMode.GroupRead, false)]
    [TestCase("host.pem", UnixFileMode.UserRead | UnixFileMode.OtherRead, true)]
    [TestCase("host.pem", UnixFileMode.UserRead | UnixFileMode.GroupWrite, true)]
    [TestCase("client_certificates_host.pem", UnixFileMode.UserRead | UnixFileMode.OtherRead, false)]
    public void Key_that_others_can_read_is_warned_of(string file, UnixFileMode mode, bool isWarned)
    {
        Write(file, Pem());
        File.SetUnixFileMode(_folder[file], mode);

        New();

        Assert.That(_warnings, isWarned ? Has.Exactly(1).Contains(_folder[file]) : Is.Empty);
    }

    // OpenSSL's own server, which knows the root only: the certificate between comes from the file.
    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Certificate_is_shown_with_those_that_have_issued_it(string version)
    {
        using var between = new TestAuthority(_authority, "between");
        File.WriteAllText(_folder["root"], _authority.Pem);
        File.WriteAllText(_folder["server"], Pem());
        Write("localhost.pem", Pem(between) + "\n" + between.Pem);
        var port = LoopbackPorts.FindFree();
        var isReady = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = ChildProcess.Start(
            "openssl",
            [
                "s_server", "-accept", $"127.0.0.1:{port}", "-cert", _folder["server"], "-key", _folder["server"], "-CAfile", _folder["root"],
                "-Verify", "3", "-verify_return_error", "-WWW", version,
            ],
            onLine: line =>
            {
                if (line.StartsWith("ACCEPT", StringComparison.Ordinal)) isReady.TrySetResult();
            });
        await isReady.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var options = new NetworkOptions { NoProxy = ["*"], InsecureTls = true };
        var request = new RemoteRequest(RemoteUrl.Parse($"https://localhost:{port}/missing.iso"), null);

        using var without = new RemoteSource(options, TimeProvider.System);
        using var with = new RemoteSource(options with { ClientCertificates = _folder.Path }, TimeProvider.System);
        var refusal = await Assert.ThrowsAsync<DownloadException>(() => without.OpenAsync(request, CancellationToken.None));
        await using var answer = await with.OpenAsync(request, CancellationToken.None);

        Assert.That(refusal!.Message, Does.Contain("wants a client certificate, and there is none for it (network:client_certificates)"));
        Assert.That(answer.Info.ContentType, Is.EqualTo("text/plain"), "\"Error opening 'missing.iso'\", for those only whose certificate was taken");
    }

    private ClientCertificates New() => new(new NetworkOptions { ClientCertificates = _folder.Path }, new Recorder(_warnings));

    private void Write(string file, string text)
    {
        File.WriteAllText(_folder[file], text);
        File.SetUnixFileMode(_folder[file], UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private string Pem(TestAuthority? issuer = null)
    {
        using var certificate = (issuer ?? _authority).Issue();
        using var key = certificate.GetECDsaPrivateKey()!;
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    private sealed class Recorder(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel is LogLevel.Warning) lines.Add(formatter(state, exception));
        }
    }
}
