using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>The connection that downloads read from, with a socket of the test's own at its other end.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase), CancelAfter(60_000)]
public sealed class ServerConnectionTests : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private Socket _server = null!;
    private ServerConnection _connection = null!;

    [SetUp]
    public async Task Connect()
    {
        _listener.Start();
        var accepting = _listener.AcceptSocketAsync();
        _connection = await ServerConnection.OpenAsync(IPAddress.Loopback, ((IPEndPoint)_listener.LocalEndpoint).Port, CancellationToken.None);
        _server = await accepting;
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _server.Dispose();
        _listener.Dispose();
    }

    [Test]
    public async Task Bytes_that_are_there_are_given_at_once_to_a_thread_of_ones_own_and_to_the_pools([Values] bool isOwnThread)
    {
        _server.Send("abc"u8);

        Assert.That(await ReadAsync(isOwnThread, new byte[2]), Is.EqualTo("ab"u8.ToArray()));
        Assert.That(await ReadAsync(isOwnThread, new byte[2]), Is.EqualTo("c"u8.ToArray()));
    }

    [Test]
    public async Task Bytes_that_come_later_are_waited_for_and_the_end_too([Values] bool isOwnThread)
    {
        var first = ReadAsync(isOwnThread, new byte[5]);
        Assert.That(await IsDoneAsync(first), Is.False);
        _server.Send("abc"u8);
        Assert.That(await first, Is.EqualTo("abc"u8.ToArray()));

        var last = ReadAsync(isOwnThread, new byte[5]);
        _server.Shutdown(SocketShutdown.Send);
        Assert.That(await last, Is.Empty);
    }

    [Test]
    public async Task Empty_buffer_waits_for_bytes_and_takes_none([Values] bool isOwnThread)
    {
        var waiting = ReadAsync(isOwnThread, []);
        Assert.That(await IsDoneAsync(waiting), Is.False);
        _server.Send("abc"u8);
        Assert.That(await waiting, Is.Empty);

        Assert.That(await ReadAsync(isOwnThread, new byte[5]), Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public void Reset_is_a_failure_and_no_end([Values] bool isOwnThread)
    {
        _server.LingerState = new LingerOption(true, 0);
        _server.Dispose();

        Assert.That(
            async () => await ReadAsync(isOwnThread, new byte[5]),
            Throws.TypeOf<IOException>().With.InnerException.Property("SocketErrorCode").EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public async Task Cancelled_read_ends_at_once_and_closes_the_connection([Values] bool isOwnThread, CancellationToken limit)
    {
        using var stop = new CancellationTokenSource();
        var reading = ReadAsync(isOwnThread, new byte[5], stop.Token);
        Assert.That(await IsDoneAsync(reading), Is.False);

        await stop.CancelAsync();

        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        await using var server = new NetworkStream(_server);
        await Http.LeavingAsync(server, limit);
    }

    [Test]
    public async Task Closing_ends_a_read_that_waits([Values] bool isOwnThread)
    {
        var reading = ReadAsync(isOwnThread, new byte[5]);
        Assert.That(await IsDoneAsync(reading), Is.False);

        await _connection.DisposeAsync();

        Assert.That(async () => await reading, Throws.InstanceOf<ObjectDisposedException>().Or.InstanceOf<IOException>());
    }

    [Test]
    public async Task Write_waits_for_a_server_that_does_not_read_and_loses_nothing(CancellationToken limit)
    {
        var sent = new byte[32 << 20];
        new Random(1).NextBytes(sent);
        var writing = _connection.WriteAsync(sent, limit).AsTask();
        Assert.That(await IsDoneAsync(writing), Is.False, "more than the kernel keeps");

        var received = new byte[sent.Length];
        for (var count = 0; count < received.Length;) count += await _server.ReceiveAsync(received.AsMemory(count), limit);

        await writing;
        Assert.That(received.AsSpan().SequenceEqual(sent));
    }

    // A download's thread is its own; what HttpClient does for itself runs on the pool.
    private Task<byte[]> ReadAsync(bool isOwnThread, byte[] buffer, CancellationToken cancellationToken = default)
    {
        byte[] Read() => buffer[.._connection.ReadAsync(buffer, cancellationToken).AsTask().GetAwaiter().GetResult()];
        return isOwnThread
            ? BlockingWork.RunAsync(Read)
            : Task.Run(async () => buffer[..await _connection.ReadAsync(buffer, cancellationToken)], CancellationToken.None);
    }

    // Long enough for what would be wrong to happen nearly always; what is right never takes longer.
    private static async Task<bool> IsDoneAsync(Task task) => await Task.WhenAny(task, Task.Delay(50)) == task;
}
