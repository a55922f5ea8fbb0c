using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Kimchi.Isod.Fixtures;

/// <summary>Stands in for systemd at the other end of NOTIFY_SOCKET: sd_notify(3).</summary>
public sealed class NotifySocket : IDisposable
{
    private readonly TemporaryDirectory _directory = new("notify");
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();

    /// <summary>Begins to listen.</summary>
    public NotifySocket()
    {
        _socket.Bind(new UnixDomainSocketEndPoint(Path));
        _ = ListenAsync();
    }

    /// <summary>What NOTIFY_SOCKET must be.</summary>
    public string Path => _directory["notify.sock"];

    /// <summary>Waits for a message of some kind.</summary>
    /// <param name="start">How it begins, such as <c>READY=1</c>.</param>
    /// <returns>All messages up to it, that one last.</returns>
    public async Task<IReadOnlyList<string>> WaitForAsync(string start)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        List<string> all = [];
        do all.Add(await _messages.Reader.ReadAsync(patience.Token));
        while (!all[^1].StartsWith(start, StringComparison.Ordinal));
        return all;
    }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _directory.Dispose();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true) _messages.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer)));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _messages.Writer.TryComplete();
        }
    }
}
