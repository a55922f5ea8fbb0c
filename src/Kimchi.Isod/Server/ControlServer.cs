using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Api;
using Kimchi.Isod.Configuration;
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
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
            if (activated is { } descriptor) kestrel.ListenHandle((ulong)descriptor, listen => listen.AcceptCleartextHttp2());
            else kestrel.ListenUnixSocket(options.Socket, listen => listen.AcceptCleartextHttp2());
        });
        host.UseSockets(sockets => sockets.CreateBoundListenSocket = endPoint => endPoint is UnixDomainSocketEndPoint unix
            ? ControlSocket.Bind(unix, options)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
    }
}
