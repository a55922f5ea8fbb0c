using System.Net;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Integration.Tests.Faults;

namespace Kimchi.Isod.Integration.Tests.Remote;

/// <summary>A libvirtd on another host, reached over TCP, and over TLS with a certificate on either side.</summary>
[TestFixture("tcp")]
[TestFixture("tls")]
public sealed class RemoteLibvirtTests(string transport) : StorageFaultTest
{
    private LibvirtListener _listener = null!;
    private TcpRelay _network = null!;

    private string Uri => _listener.Uri(transport, _network.Port);

    [TearDown]
    public void EndNetwork()
    {
        _network.Dispose();
        _listener.Dispose();
    }

    [Test]
    public async Task Image_arrives_through_a_pause_and_a_restart_of_the_daemon()
    {
        await BeginAsync(("libvirt:uri", Uri));
        AssertOk(await Daemon.Client.GetAsync("/healthz"));

        AssertOk(await Daemon.Client.PauseAsync(Name));
        AssertOk(await Daemon.Client.ResumeAsync(Name));
        await Daemon.StopAsync();
        await Daemon.StartAsync();

        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Connections_that_are_cut_again_and_again_cost_nothing_and_use_up_no_retries()
    {
        // Slow enough to be cut three times.
        await BeginAsync(("libvirt:uri", Uri), ("downloads:retries", "0"), ("downloads:limit_rate", "2M"));
        for (var i = 0; i < 3; i++)
        {
            var stored = (await Daemon.Client.StatusAsync(Name)).Number("downloaded_size");
            _network.Cut();
            await Daemon.Client.WaitForAsync(Name, _ => Daemon.Log.Split("trying again").Length > i + 1);
            await Daemon.Client.WaitForBytesAsync(Name, stored + 1);
        }

        AssertOk(await Daemon.Client.GetAsync("/healthz"));
        await AssertCompletesAsync();
        AssertNothingStoredWasFetchedAgain();
    }

    [Test]
    public async Task Network_that_falls_silent_is_told_in_time_and_the_first_call_after_it_works()
    {
        await BeginAsync(("libvirt:uri", Uri), ("libvirt:keepalive_interval", "0"), ("libvirt:call_timeout", "1s"));
        var name = NewName();
        _network.Freeze();

        // The first finds the connection that it has silent, the second that a new one cannot be opened.
        for (var i = 0; i < 2; i++) AssertError(await Daemon.Client.StartAsync(Nginx.Url(Name), name), 503, "KCHLIB0001E");
        _network.Thaw();

        AssertOk(await Daemon.Client.StartAsync(Nginx.Url(Name), name));
        await Daemon.Client.WaitUntilCompletedAsync(name);
        await AssertCompletesAsync();
    }

    private protected override PrivateLibvirtd StartOwnLibvirtd()
    {
        _listener = new LibvirtListener();
        _network = new TcpRelay(_listener.PortOf(transport));
        return new PrivateLibvirtd(listener: _listener);
    }

    private static void AssertOk(ApiReply reply) => Assert.That(reply.Status, Is.EqualTo(HttpStatusCode.OK), reply.Body);
}
