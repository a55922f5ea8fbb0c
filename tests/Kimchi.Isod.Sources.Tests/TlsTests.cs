using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

public sealed class TlsTests : AuthorityTest
{
    [Test]
    public async Task OwnAuthority_is_trusted()
    {
        await using var http = Serve(Authority.Issue(), Direct with { CaFile = CaFile });

        Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task UnknownAuthority_is_refused_with_the_mend(bool hasOther)
    {
        using var other = new TestAuthority();
        await using var http = Serve(other.Issue(), Direct with { CaFile = hasOther ? CaFile : null });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable));
        Assert.That(failure.Message, Does.Contain("is not a trusted authority").And.Contain("network:ca_file"));
        Assert.That(http.Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Wrong_name_is_refused_with_the_right_one()
    {
        await using var http = Serve(Authority.Issue("mirror.example"), Direct with { CaFile = CaFile });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("another host name (mirror.example)").And.Not.Contain("authority"));
    }

    [Test]
    public async Task Expired_certificate_is_refused()
    {
        await using var http = Serve(Authority.Issue(isExpired: true), Direct with { CaFile = CaFile });

        var failure = await http.FailAsync();

        Assert.That(failure.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("has expired or is not valid yet").And.Not.Contain("authority"));
    }

    [Test]
    public async Task Insecure_takes_all_of_it()
    {
        await using var http = Serve(Authority.Issue("mirror.example", isExpired: true), Direct with { InsecureTls = true });

        Assert.That(await http.DownloadAsync(), Is.EqualTo(Http.Content));
    }

    [Test]
    public async Task Plain_server_on_an_https_url_is_named()
    {
        // An FTP server speaks first.
        var (port, greeting) = StartGreeting("220 ftp.example.com ready\r\n");
        using var source = new RemoteSource(Direct, TimeProvider.System);
        var url = RemoteUrl.Parse($"https://127.0.0.1:{port}/a.iso");

        var failure = await Assert.ThrowsAsync<DownloadException>(() => source.OpenAsync(new RemoteRequest(url, null), CancellationToken.None));

        Assert.That(failure!.IsTransient, Is.False);
        Assert.That(failure.Message, Does.Contain("is it an https server?"));
        await greeting;
    }

    [TestCase("")]
    [TestCase("no certificate")]
    public void Authorities_without_a_certificate_are_refused_at_once(string text)
    {
        File.WriteAllText(CaFile, text);

        Assert.That(Create, Throws.InstanceOf<IOException>().With.Message.Contains("network:ca_file"));
    }

    [Test]
    public void Missing_file_of_authorities_is_refused_at_once()
    {
        File.Delete(CaFile);

        Assert.That(Create, Throws.InstanceOf<IOException>().With.Message.Contains("network:ca_file"));
    }

    private static NetworkOptions Direct => new() { NoProxy = ["*"] };

    private static Http Serve(X509Certificate2 certificate, NetworkOptions options) =>
        new(e => e.ServeAsync(Http.Content), options, null, certificate);

    private static (int Port, Task Greeting) StartGreeting(string text)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (((IPEndPoint)listener.LocalEndpoint).Port, GreetAsync());

        async Task GreetAsync()
        {
            using (listener)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
                await Http.LeavingAsync(client.GetStream(), CancellationToken.None);
            }
        }
    }

    private void Create()
    {
        using var source = new RemoteSource(Direct with { CaFile = CaFile }, TimeProvider.System);
    }
}
