using System.Net;
using System.Net.Sockets;

namespace Kimchi.Isod.Fixtures;

/// <summary>Ports of the loopback interface.</summary>
public static class LoopbackPorts
{
    // Below those that the kernel gives to connections (ip(7), ip_local_port_range): a server that stops finds its port free again.
    private const int First = 10_000;
    private const int End = 32_000;

    private static int _last = Random.Shared.Next(First, End);

    /// <summary>Finds one that nobody listens on, and that no connection takes.</summary>
    public static int FindFree()
    {
        using var listener = Listen(IPAddress.Loopback);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Listens on one that no connection takes, so that the same can be listened on again later.</summary>
    public static TcpListener Listen(IPAddress address)
    {
        while (true)
        {
            var listener = new TcpListener(address, First + (Interlocked.Increment(ref _last) % (End - First)));
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                listener.Dispose(); // The next one, then.
            }
        }
    }

    /// <summary>Whether somebody listens on it.</summary>
    public static bool Answers(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
