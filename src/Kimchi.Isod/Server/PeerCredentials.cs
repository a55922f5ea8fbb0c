using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

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
    public static PeerCredentials Of(HttpContext context)
    {
        var credentials = new PeerCredentials[1];
        var socket = context.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        socket.GetRawSocketOption(SolSocket, SoPeerCred, MemoryMarshal.AsBytes(credentials.AsSpan()));
        return credentials[0];
    }
}
