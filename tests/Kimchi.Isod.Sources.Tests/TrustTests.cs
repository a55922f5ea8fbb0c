using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Chains of certificates: what is trusted, and that nobody is asked for what is missing.</summary>
public sealed class TrustTests
{
    private TestAuthority _root = null!;
    private TestAuthority _issuing = null!;
    private string _caFile = null!;

    [SetUp]
    public void MakeAuthorities()
    {
        _root = new TestAuthority(name: "root");
        _issuing = new TestAuthority(_root, "issuing");
        _caFile = Path.GetTempFileName();
    }

    [TearDown]
    public void ForgetAuthorities()
    {
        _root.Dispose();
        _issuing.Dispose();
        File.Delete(_caFile);
    }

    [TestCase("issuing")]
    [TestCase("root and issuing")]
    public async Task Issuing_authority_in_the_file_is_enough(string which)
    {
        File.WriteAllText(_caFile, which == "issuing" ? _issuing.Pem : _root.Pem + "\n" + _issuing.Pem);

        Assert.That(await DownloadAsync(_issuing.Issue()), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Certificate_of_the_server_itself_in_the_file_is_enough()
    {
        using var server = _issuing.Issue();
        File.WriteAllText(_caFile, server.ExportCertificatePem());

        Assert.That(await DownloadAsync(server), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Root_without_the_issuing_authority_that_nobody_sends_is_not_enough()
    {
        File.WriteAllText(_caFile, _root.Pem);

        Assert.That((await FailAsync(_issuing.Issue())).Message, Does.Contain("its issuer 'CN=issuing' is not a trusted authority"));
    }

    [Test]
    public async Task Authority_of_the_same_name_is_another()
    {
        using var namesake = new TestAuthority(_root, "issuing");
        File.WriteAllText(_caFile, namesake.Pem);

        Assert.That((await FailAsync(_issuing.Issue())).Message, Does.Contain("not a trusted authority"));
    }

    [Test]
    public async Task Expired_issuing_authority_is_refused()
    {
        using var expired = new TestAuthority(_root, "issuing", isExpired: true);
        File.WriteAllText(_caFile, expired.Pem);

        Assert.That((await FailAsync(expired.Issue())).Message, Does.Contain("has expired").And.Not.Contain("trusted authority"));
    }

    [Test]
    public async Task Trusted_issuing_authority_does_not_make_good_what_is_wrong_with_the_server()
    {
        File.WriteAllText(_caFile, _issuing.Pem);

        Assert.That((await FailAsync(_issuing.Issue(isExpired: true))).Message, Does.Contain("has expired").And.Not.Contain("trusted authority"));
        Assert.That((await FailAsync(_issuing.Issue("mirror.example"))).Message, Does.Contain("another host name (mirror.example)"));
    }

    // RFC 5280, section 4.2.2.1: whoever makes a certificate writes there what he likes, and nobody has vouched for it yet.
    [Test]
    public async Task Nothing_is_asked_of_the_address_in_a_certificate([Values("system", "ca_file", "insecure_tls")] string trust)
    {
        await using var inside = new WireServer(e => e.ServeAsync(Http.Content));
        using var certificate = _issuing.Issue(issuerUrl: $"http://127.0.0.1:{inside.Port}/admin?reboot=1");
        File.WriteAllText(_caFile, _root.Pem);
        var options = Direct with { CaFile = trust == "ca_file" ? _caFile : null, InsecureTls = trust == "insecure_tls" };
        await using var http = new Http(e => e.ServeAsync(Http.Content), options, null, certificate);

        if (options.InsecureTls) Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
        else Assert.That((await http.FailAsync()).Message, Does.Contain("not a trusted authority"));
        Assert.That(inside.ConnectionCount, Is.Zero);
    }

    [TestCase("error:0A00042E:SSL routines::tlsv1 alert protocol version", "no TLS version in common", false)]
    [TestCase("error:0A000102:SSL routines::unsupported protocol", "no TLS version in common", false)]
    [TestCase("error:0A00042F:SSL routines::tlsv1 alert insufficient security", "no cipher in common", false)]
    [TestCase("error:0A00045C:SSL routines::tlsv13 alert certificate required", "wants a client certificate", false)]
    [TestCase("error:0A000458:SSL routines::tlsv1 unrecognized name", "no site of that host name", false)]
    [TestCase("error:0A00010B:SSL routines::wrong version number", "is it an https server", false)]
    [TestCase("error:0A00018A:SSL routines::dh key too small", "key is too small", false)]
    [TestCase("error:0A000438:SSL routines::tlsv1 alert internal error", "error of its own", true)]
    public void Words_of_the_library_are_translated(string words, string what, bool isTransient)
    {
        var failure = Network.ConnectionFailures.Translate(
            new HttpRequestException("x", new AuthenticationException("Authentication failed, see inner exception.", new IOException("SSL Handshake failed", new IOException(words)))),
            RemoteUrl.Parse("https://host/a.iso"),
            Direct);

        Assert.That(failure.Message, Does.Contain(what).And.Not.Contain("inner exception"));
        Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
    }

    private static NetworkOptions Direct => new() { NoProxy = ["*"] };

    private async Task<byte[]> DownloadAsync(X509Certificate2 certificate)
    {
        await using var http = Serve(certificate);
        return await http.DownloadAsync();
    }

    private async Task<DownloadException> FailAsync(X509Certificate2 certificate)
    {
        await using var http = Serve(certificate);
        var failure = await http.FailAsync();
        Assert.That(http.Server.Requests, Is.Empty);
        return failure;
    }

    private Http Serve(X509Certificate2 certificate) => new(e => e.ServeAsync(Http.Content), Direct with { CaFile = _caFile }, null, certificate);
}
