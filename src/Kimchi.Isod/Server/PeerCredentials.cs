using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kimchi.Isod.Server;

/// <summary>Who is at the other end of the socket, as the kernel knows it: SO_PEERCRED of unix(7).</summary>
/// <param name="Process">The id of the process that connected; it may be gone, or have given the connection to another.</param>
/// <param name="User">Its user's id when it connected.</param>
/// <param name="Group">Its group's id when it connected.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PeerCredentials(int Process, uint User, uint Group)
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>Whoever sent a request.</summary>
    public static PeerCredentials Of(HttpContext context) => context.Features.GetRequiredFeature<Peer>().Credentials;

    /// <summary>Reads the credentials of each connection before its first request: the socket may be closed while one is carried out.</summary>
    public static void ReadOf(ListenOptions listen) => listen.Use(next => async connection =>
    {
        if (TryRead(connection.Features.GetRequiredFeature<IConnectionSocketFeature>()) is not { } credentials) return;
        connection.Features.Set(new Peer(credentials));
        await next(connection);
    });

    // Null where the daemon stops at this moment and has closed the connection already: nothing was asked on it.
    private static PeerCredentials? TryRead(IConnectionSocketFeature connection)
    {
        var credentials = new PeerCredentials[1];
        try
        {
            connection.Socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(credentials.AsSpan()));
        }
        catch (ObjectDisposedException)
        {
            return null;
        }

        return credentials[0];
    }

    private sealed record Peer(PeerCredentials Credentials);
}
