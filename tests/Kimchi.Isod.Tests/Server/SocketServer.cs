using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Kimchi.Isod.Api;
using Kimchi.Isod.Configuration;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Tests.Server;

/// <summary>The daemon's server on a socket of its own, with endpoints of a test's.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new("server");
    private readonly LogLines _log = new();
    private readonly WebApplication _app;

    private SocketServer(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(_log);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseControlSocket(new ServerOptions { Socket = _directory["s"] }, activated: null);
        _app = builder.Build();
        _app.UseRejections();
        _app.UseMiddleware<AuditLog>();
        _app.UseMiddleware<ErrorReplies>();
        _app.UseRouting();
        map(_app);
    }

    /// <summary>What was logged, at Information and above.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    /// <summary>Starts it.</summary>
    public static async Task<SocketServer> StartAsync(Action<WebApplication> map)
    {
        var server = new SocketServer(map);
        await server._app.StartAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Connects to it.</summary>
    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_directory["s"]), CancellationToken.None);
        return socket;
    }

    /// <summary>Sends bytes, and reads until the server closes the connection.</summary>
    public async Task<string> ExchangeAsync(string request)
    {
        using var socket = await ConnectAsync();
        using var patience = new CancellationTokenSource(Patience.Limit);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        using var answer = new MemoryStream();
        await ReadToEndAsync(socket, answer, patience.Token);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>Stops it, with all requests at their ends.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _log.Dispose();
        _directory.Dispose();
    }

    private static async Task ReadToEndAsync(Socket socket, MemoryStream answer, CancellationToken patience)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, patience) is > 0 and var count) answer.Write(buffer.AsSpan(0, count));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            // The other side did not want to read all that was sent.
        }
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
