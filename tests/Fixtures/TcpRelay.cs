using System.Net;
using System.Net.Sockets;

namespace Kimchi.Isod.Fixtures;

/// <summary>A network between a client and a port of the loopback interface, whose connections can be cut, and which can fall silent.</summary>
public sealed class TcpRelay : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly List<Socket> _ends = [];
    private volatile TaskCompletionSource _flow = Flowing();

    /// <summary>Listens on a port of its own.</summary>
    public TcpRelay(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection that is open. New ones are taken.</summary>
    public void Cut()
    {
        lock (_ends)
        {
            foreach (var end in _ends) end.Close(0);
            _ends.Clear();
        }
    }

    /// <summary>Lets nothing pass, and tells nobody.</summary>
    public void Freeze() => _flow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets all pass that was held up.</summary>
    public void Thaw() => _flow.TrySetResult();

    /// <summary>Ends it with its connections.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private static TaskCompletionSource Flowing()
    {
        var flow = new TaskCompletionSource();
        flow.SetResult();
        return flow;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _target);
                lock (_ends) _ends.AddRange([near, far]);
                _ = PumpAsync(near, far);
                _ = PumpAsync(far, near);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await _flow.Task;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was cut.
        }

        to.Dispose();
    }
}
