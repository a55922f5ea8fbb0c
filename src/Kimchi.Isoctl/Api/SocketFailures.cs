using System.Net.Sockets;

namespace Kimchi.Isoctl.Api;

/// <summary>Tells why the daemon cannot be reached, and what to do.</summary>
internal static class SocketFailures
{
    public static IsoctlException Describe(HttpRequestException e, string socket) => (e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.AccessDenied => new IsoctlException(
            ExitCode.NoPermission,
            $"no permission to use {socket}: become a member of the group that it belongs to (sudo usermod -aG kimchi-isod {Environment.UserName}, " +
            "then log in again), or use sudo"),
        // No such file, which SocketError has no name for.
        SocketError.SocketError or SocketError.AddressNotAvailable => OutOfReach(socket, "there is no such socket"),
        SocketError.ConnectionRefused => OutOfReach(socket, "nobody answers"),
        _ => OutOfReach(socket, e.InnerException?.Message ?? e.Message),
    };

    private static IsoctlException OutOfReach(string socket, string why) => new(
        ExitCode.OutOfReach,
        $"the daemon cannot be reached on {socket}: {why}. Start it (sudo systemctl start kimchi-isod), or name its socket with --socket or " +
        SocketPath.Variable);
}
