using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Integration.Tests.Faults;

/// <summary>TLS that fails, at the start and in the middle of a file.</summary>
public sealed class TlsFaultTests : FaultTest
{
    private TemporaryDirectory _files = null!;

    [OneTimeSetUp]
    public void WriteAuthority()
    {
        _files = new TemporaryDirectory("ca");
        File.WriteAllText(_files["ca.pem"], Servers.Authority.Pem);
    }

    [OneTimeTearDown]
    public void DeleteAuthority() => _files.Dispose();

    [Test]
    public async Task Certificate_that_has_expired_is_refused_at_the_start()
    {
        var daemon = await StartTrustingAsync();
        using var certificate = Servers.Authority.Issue(isExpired: true);
        await using var server = new WireServer(e => e.ServeAsync(Content, Tag), certificate);

        var reply = await daemon.Client.StartAsync(new Uri(server.Address, "a.iso").AbsoluteUri);

        AssertError(reply, 400, "KCHVOL0022E");
        Assert.That(reply.Body, Does.Contain("has expired"));
        Assert.That(server.Requests, Is.Empty);
    }

    [Test]
    public async Task Certificate_of_an_unknown_authority_in_the_middle_ends_the_download_and_keeps_what_is_stored()
    {
        var daemon = await StartTrustingAsync();
        using var certificate = Servers.Authority.Issue();
        using var stranger = new TestAuthority();
        using var unknown = stranger.Issue();
        await using var server = new WireServer(ServeHalfAsync, certificate);
        var name = await DownloadToMiddleAsync(daemon, server.Address);

        await server.DisposeAsync();
        await using var other = new WireServer(e => e.ServeAsync(Content, Tag), unknown, port: server.Port);
        var reason = await FailAsync(daemon, name, Content, Stored);

        Assert.That(reason, Does.Contain("is not a trusted authority").And.Contain("network:ca_file"));
        Assert.That(other.Requests, Is.Empty, "nothing is said to a server that is not trusted");
    }

    [Test]
    public async Task Handshakes_that_break_off_in_the_middle_are_tried_again()
    {
        var daemon = await StartTrustingAsync();
        using var certificate = Servers.Authority.Issue();
        await using var server = new WireServer(ServeHalfAsync, certificate);
        var name = await DownloadToMiddleAsync(daemon, server.Address);

        await server.DisposeAsync();
        using (var mute = new TcpListener(IPAddress.Loopback, server.Port))
        {
            mute.Start();
            using var connection = await mute.AcceptSocketAsync();
            // What is left unread at the end would make it a reset.
            await connection.ReceiveAsync(new byte[16_384]);
            connection.Close();
            await daemon.WaitForLogAsync("TLS with localhost");
        }

        await AssertDownloadingAsync(daemon, name);
        await using var again = new WireServer(e => e.ServeAsync(Content, Tag), certificate, port: server.Port);

        await CompleteAsync(daemon, name, Content);
        Assert.That(again.Requests[0].RangeStart, Is.GreaterThanOrEqualTo(Stored));
    }

    private Task<IsodProcess> StartTrustingAsync() => StartQuickAsync(("network:ca_file", _files["ca.pem"]));

    private static async Task ServeHalfAsync(WireExchange exchange)
    {
        await exchange.ServeUpToAsync(Content, Middle, Tag);
        await exchange.StallAsync();
    }
}
