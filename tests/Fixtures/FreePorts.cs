using System.Net;
using System.Net.Sockets;

namespace Kimchi.Isod.Fixtures;

/// <summary>Ports of the loopback interface that nobody listens on.</summary>
public static class FreePorts
{
    /// <summary>Finds one.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
