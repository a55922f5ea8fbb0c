using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Fixtures.Wire;
using Kimchi.Isod.Sources.Http;
using Microsoft.Extensions.Time.Testing;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>Several addresses of one host: RFC 8305.</summary>
public sealed class ConnectionRaceTests
{
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(250);
    private static readonly IPAddress Alive = IPAddress.Parse("127.0.0.2");

    private FakeTimeProvider _time = null!;

    [SetUp]
    public void SetTime() => _time = new FakeTimeProvider();

    [Test]
    public async Task Next_address_is_tried_after_a_quarter_of_a_second_and_no_sooner()
    {
        using var deaf = new DeafListener();
        await using var server = new WireServer(e => e.ServeAsync(Http.Content), null, Alive, deaf.Port);

        var running = RunAsync(deaf.Port, IPAddress.Loopback, Alive);
        _time.Advance(Lead - TimeSpan.FromMilliseconds(1));
        Assert.That(server.ConnectionCount, Is.Zero);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await using var connection = await running;

        Assert.That(connection.Socket.RemoteEndPoint, Is.EqualTo(new IPEndPoint(Alive, deaf.Port)));
    }

    [Test]
    public async Task Refused_address_costs_no_time()
    {
        await using var server = new WireServer(e => e.ServeAsync(Http.Content));

        await using var connection = await RunAsync(server.Port, IPAddress.IPv6Loopback, IPAddress.Parse("127.0.0.3"), IPAddress.Loopback);

        Assert.That(connection.Socket.RemoteEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, server.Port)));
    }

    [Test]
    public async Task Other_family_comes_second_however_many_addresses_the_first_has()
    {
        using var deaf = new DeafListener();
        await using var server = new WireServer(e => e.ServeAsync(Http.Content), null, IPAddress.IPv6Loopback, deaf.Port);

        var running = RunAsync(deaf.Port, [.. Enumerable.Repeat(IPAddress.Loopback, 20), IPAddress.IPv6Loopback]);
        _time.Advance(Lead);
        await using var connection = await running;

        Assert.That(((IPEndPoint)connection.Socket.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.IPv6Loopback));
    }

    [Test]
    public async Task Slow_address_still_wins_where_the_others_refuse()
    {
        await using var server = new WireServer(e => e.ServeAsync(Http.Content));

        await using var connection = await RunAsync(server.Port, IPAddress.Loopback, IPAddress.Parse("127.0.0.3"));

        Assert.That(connection.Socket.RemoteEndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, server.Port)));
    }

    [Test]
    public void Failure_of_all_is_that_of_the_last()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        Assert.That(
            () => RunAsync(port, IPAddress.IPv6Loopback, IPAddress.Loopback),
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void Host_without_an_address_is_not_found() => Assert.That(
        () => RunAsync(80), Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.HostNotFound));

    [Test]
    public async Task Cancelling_ends_every_attempt()
    {
        using var deaf = new DeafListener();
        using var stop = new CancellationTokenSource();
        var running = new ConnectionRace(deaf.Port, _time).RunAsync([IPAddress.Loopback, IPAddress.Loopback], stop.Token);
        _time.Advance(Lead);

        await stop.CancelAsync();

        await Assert.ThatAsync(() => running, Throws.InstanceOf<OperationCanceledException>());
    }

    private Task<ServerConnection> RunAsync(int port, params IPAddress[] addresses) =>
        new ConnectionRace(port, _time).RunAsync(addresses, CancellationToken.None);
}
