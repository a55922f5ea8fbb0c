using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Fixtures;

/// <summary>Answers one request. The stream is the bare connection: whatever is written is what the client reads.</summary>
public delegate Task HttpScript(ScriptedExchange exchange);

/// <summary>
/// An HTTP/1.1 server whose replies a test writes byte by byte, for what no real server does on demand. It reads requests
/// with no body; a connection stays open after a script returns unless the script closed or reset it.
/// </summary>
public sealed class ScriptedHttpServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<ScriptedRequest> _requests = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly HttpScript _script;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _requestCount;

    /// <summary>Listens at once.</summary>
    /// <param name="script">Called for each request, on several connections at once.</param>
    /// <param name="certificate">Makes it an HTTPS server.</param>
    public ScriptedHttpServer(HttpScript script, X509Certificate2? certificate = null)
    {
        _script = script;
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address =>
        new($"{(_certificate is null ? "http" : "https")}://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<ScriptedRequest> Requests => [.. _requests];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 1; ; number++)
            {
                var connection = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token), number);
                _connections.TryAdd(connection, 0);
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        try
        {
            socket.NoDelay = true;
            await using var stream = await OpenAsync(socket);
            while (await ScriptedRequest.ReadAsync(stream, connection, _stop.Token) is { } read)
            {
                var request = read with { Number = Interlocked.Increment(ref _requestCount) };
                _requests.Enqueue(request);
                var exchange = new ScriptedExchange(request, socket, stream, _stop.Token);
                await _script(exchange);
                if (exchange.IsClosed)
                    return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, or the server is being disposed.
        }
        finally
        {
            socket.Dispose();
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var network = new NetworkStream(socket, ownsSocket: false);
        if (_certificate is null)
            return network;

        var secure = new SslStream(network);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return secure;
    }
}
