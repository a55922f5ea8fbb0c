using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Api;
using Kimchi.Isod.Configuration;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Kimchi.Isod.Server;

/// <summary>Kestrel on the control socket.</summary>
internal static class ControlServer
{
    public static void UseControlSocket(this IWebHostBuilder host, ServerOptions options)
    {
        host.UseKestrelCore();
        host.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
            kestrel.ListenUnixSocket(options.Socket, listen => listen.AcceptCleartextHttp2());
        });
        host.UseSockets(sockets => sockets.CreateBoundListenSocket = endPoint => endPoint is UnixDomainSocketEndPoint unix
            ? ControlSocket.Bind(unix, options)
            : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
    }
}
