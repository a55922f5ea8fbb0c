using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Fixtures.Wire;

/// <summary>Answers one request, byte by byte.</summary>
public delegate Task WireScript(WireExchange exchange);

/// <summary>A server of raw HTTP/1.1 on loopback that says what its script says, right or wrong.</summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<WireRequest> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly WireScript _script;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private int _number;

    /// <summary>Starts it.</summary>
    /// <param name="script">Answers each request.</param>
    /// <param name="certificate">For TLS; null for plain text.</param>
    /// <param name="address">Where it listens; 127.0.0.1 when null.</param>
    /// <param name="port">Its port; 0 for a free one.</param>
    public WireServer(WireScript script, X509Certificate2? certificate = null, IPAddress? address = null, int port = 0)
        : this(certificate is null ? null : Offline(certificate), script, address, port)
    {
    }

    private WireServer(SslServerAuthenticationOptions? tls, WireScript script, IPAddress? address, int port)
    {
        _script = script;
        _tls = tls;
        address ??= IPAddress.Loopback;
        _listener = port == 0 ? LoopbackPorts.Listen(address) : new TcpListener(address, port);
        _listener.Start(); // Harmless where it listens.
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>Starts one that speaks TLS as it is told to.</summary>
    public static WireServer WithTls(SslServerAuthenticationOptions tls, WireScript script) => new(tls, script, null, 0);

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The URL of its root.</summary>
    public Uri Address => new($"{(_tls is null ? "http" : "https")}://localhost:{Port}/");

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<WireRequest> Requests => [.. _requests];

    /// <summary>How many connections were made so far.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Ends it with all its connections. Its port is free then.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested) return;
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    // The certificate alone: nothing is fetched from the addresses in it.
    private static SslServerAuthenticationOptions Offline(X509Certificate2 certificate) =>
        new() { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) };

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                socket.NoDelay = true;
                await using var stream = await OpenAsync(socket);
                while (await WireRequest.ReadAsync(stream, _stop.Token) is { } read)
                {
                    var request = read with { Number = Interlocked.Increment(ref _number) };
                    _requests.Enqueue(request);
                    var exchange = new WireExchange(request, socket, stream, _stop.Token);
                    await _script(exchange);
                    if (exchange.IsClosed) return;
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException
                or System.Security.Authentication.AuthenticationException)
            {
                // The client has left or does not trust us, or the test is over.
            }
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var plain = new NetworkStream(socket);
        if (_tls is null) return plain;
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(_tls, _stop.Token);
        return secure;
    }
}
