using System.Net;
using System.Net.Sockets;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A port whose queue of connections is full: Linux drops what comes, as a dead host would.</summary>
internal sealed class DeafListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queue = [];

    public DeafListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        // A backlog of 0 holds one connection (listen(2)); the further ones hang.
        for (var i = 0; i < 4; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            try
            {
                socket.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // It waits.
            }

            _queue.Add(socket);
        }

        _queue[0].Poll(TimeSpan.FromSeconds(30), SelectMode.SelectWrite);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public string Url => $"http://127.0.0.1:{Port}/a.iso";

    public void Dispose()
    {
        _queue.ForEach(s => s.Dispose());
        _listener.Dispose();
    }
}
