using System.Globalization;
using System.Net.Sockets;
using Kimchi.Isod.Configuration;

namespace Kimchi.Isod.Systemd;

/// <summary>The socket that systemd has made and listens on already: sd_listen_fds(3).</summary>
internal static class ActivatedSocket
{
    // SD_LISTEN_FDS_START
    private const int FirstDescriptor = 3;

    /// <summary>Finds it by <c>LISTEN_PID</c> and <c>LISTEN_FDS</c>.</summary>
    /// <returns>Its descriptor, or null where systemd gave none.</returns>
    /// <exception cref="ConfigurationException">There are several, or it is no Unix socket: who can connect may use the API.</exception>
    public static int? Find(Func<string, string?> variable)
    {
        if (variable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) return null;
        if (variable("LISTEN_FDS") is not { } count || count == "0") return null;
        if (count != "1") throw new ConfigurationException([$"systemd gave {count} sockets; kimchi-isod takes one, with one ListenStream="]);
        using var handle = new SafeSocketHandle(FirstDescriptor, ownsHandle: false);
        using var socket = new Socket(handle);
        if (socket is { AddressFamily: AddressFamily.Unix, SocketType: SocketType.Stream }) return FirstDescriptor;
        throw new ConfigurationException(
            ["systemd gave a socket that is no Unix stream socket: whoever could connect might use the API; give a path to ListenStream="]);
    }
}
