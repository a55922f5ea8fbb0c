using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A SOCKS 5 proxy for one connection, which leads all names to one port on loopback: RFC 1928, RFC 1929.</summary>
internal sealed class SocksServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public SocksServer(int targetPort)
    {
        _listener.Start();
        _serving = ServeAsync(targetPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The user's name and password, with a colon between.</summary>
    public string? User { get; private set; }

    /// <summary>The host that was asked for.</summary>
    public string? Host { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(int targetPort)
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            using var target = new TcpClient();
            await using var stream = client.GetStream();
            await GreetAsync(stream);
            await target.ConnectAsync(IPAddress.Loopback, targetPort, _stop.Token);
            await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 127, 0, 0, 1, 0, 0 }, _stop.Token);
            await Task.WhenAny(
                stream.CopyToAsync(target.GetStream(), _stop.Token), target.GetStream().CopyToAsync(stream, _stop.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has left, or the test is over.
        }
    }

    private async Task GreetAsync(NetworkStream stream)
    {
        await ReadAsync(stream, (await ReadAsync(stream, 2))[1]);
        await stream.WriteAsync(new byte[] { 5, 2 }, _stop.Token);
        await ReadAsync(stream, 1);
        User = await ReadTextAsync(stream) + ":" + await ReadTextAsync(stream);
        await stream.WriteAsync(new byte[] { 1, 0 }, _stop.Token);
        Assert.That((await ReadAsync(stream, 4))[3], Is.EqualTo(3), "the proxy is given a name, not an address");
        Host = await ReadTextAsync(stream);
        await ReadAsync(stream, 2);
    }

    private async Task<string> ReadTextAsync(NetworkStream stream) =>
        Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));

    private async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }
}
