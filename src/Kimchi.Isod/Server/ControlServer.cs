using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Api;
using Kimchi.Isod.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Kimchi.Isod.Server;

/// <summary>Kestrel on the control socket.</summary>
internal static class ControlServer
{
    /// <summary>Serves on the control socket.</summary>
    /// <param name="host">The host.</param>
    /// <param name="options">Where and how.</param>
    /// <param name="activated">The descriptor of a socket that systemd listens on already; null to make the one of the options.</param>
    public static void UseControlSocket(this IWebHostBuilder host, ServerOptions options, int? activated)
    {
        host.UseKestrelCore();
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            SetLimits(kestrel.Limits, options);
            if (activated is { } descriptor) kestrel.ListenHandle((ulong)descriptor, SetUp);
            else kestrel.ListenUnixSocket(options.Socket, SetUp);
        });
        host.UseSockets(sockets => sockets.CreateBoundListenSocket = endPoint => endPoint is UnixDomainSocketEndPoint unix
            ? ControlSocket.Bind(unix, options)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));

        void SetUp(ListenOptions listen)
        {
            PeerCredentials.ReadOf(listen);
            listen.AcceptCleartextHttp2(options.IdleTimeout);
            RejectedRequests.AnswerOn(listen);
        }
    }

    /// <summary>Has requests that cannot be read refused in the form of all other errors.</summary>
    public static void UseRejections(this WebApplication app) => app.Services.GetRequiredService<DiagnosticListener>()
        .Subscribe(new RejectedRequests(), static name => name == RejectedRequests.Event);

    /// <summary>How slow a client may be, or null for as slow as it likes.</summary>
    public static MinDataRate? LeastRate(ServerOptions options) =>
        options.MinDataRate > 0 ? new MinDataRate(options.MinDataRate, gracePeriod: TimeSpan.FromSeconds(5)) : null;

    private static void SetLimits(KestrelServerLimits limits, ServerOptions options)
    {
        limits.MaxRequestBodySize = RequestBody.MaxBytes;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderSize;
        limits.MaxRequestLineSize = Math.Min(limits.MaxRequestLineSize, options.MaxHeaderSize);
        limits.RequestHeadersTimeout = options.HeaderTimeout;
        limits.KeepAliveTimeout = options.IdleTimeout;
        limits.MinRequestBodyDataRate = limits.MinResponseDataRate = LeastRate(options);
    }
}
