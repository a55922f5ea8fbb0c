using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A connection whose readers wait on threads of their own: a download's by itself, others in the background.</summary>
/// <remarks>
/// The runtime's asynchronous sockets hear of every segment that arrives, whether somebody waits for it or not: an epoll thread wakes for
/// it, and two of the thread pool. Measured on two cores, that was a quarter of a download's CPU time. So nothing asynchronous is asked
/// of the socket here.
/// </remarks>
internal sealed class ServerConnection : NetworkStream
{
    // How long a download's thread waits by itself. Whoever cancels the read waits as long.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private volatile bool _isClosed;

    private ServerConnection(Socket socket)
        : base(socket, ownsSocket: true) => socket.Blocking = false;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Why that cannot be.</exception>
    public static async Task<ServerConnection> OpenAsync(IPAddress address, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await BlockAsync(socket, () => socket.Connect(address, port), cancellationToken);
            return new ServerConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (TryRead(buffer, out var count)) return ValueTask.FromResult(count);
        if (BlockingWork.MayBlock && Socket.Poll(Moment, SelectMode.SelectRead) && TryRead(buffer, out count)) return ValueTask.FromResult(count);
        return ReadLaterAsync(buffer, cancellationToken);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var count = Socket.Send(buffer.Span, SocketFlags.None, out var error);
            if (Succeeded(error)) buffer = buffer[count..];
            else await BlockAsync(Socket, () => Socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectWrite), cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _isClosed = true;
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadLaterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        do await BlockAsync(Socket, () => Socket.Poll(Timeout.InfiniteTimeSpan, SelectMode.SelectRead), cancellationToken);
        while (!TryRead(buffer, out count));
        return count;
    }

    // Whoever reads into an empty buffer waits for bytes and takes none.
    private bool TryRead(Memory<byte> buffer, out int count)
    {
        count = 0;
        if (buffer.IsEmpty) return Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
        count = Socket.Receive(buffer.Span, SocketFlags.None, out var error);
        // Whoever closes it shuts it down first, which looks like the server's end.
        ObjectDisposedException.ThrowIf(_isClosed && count == 0, this);
        if (!Succeeded(error)) return false;
        if (count == 0) ConnectionEnd.Note();
        return true;
    }

    // An error is told once: whoever reads again after a reset hears that the connection ended in good order.
    private static bool Succeeded(SocketError error) => error switch
    {
        SocketError.Success => true,
        SocketError.WouldBlock => false,
        _ => throw new IOException($"the connection broke ({error})", new SocketException((int)error)),
    };

    // Closing the socket is what ends a call that blocks in it.
    private static async Task BlockAsync(Socket socket, Action call, CancellationToken cancellationToken)
    {
        try
        {
            await using var stop = cancellationToken.UnsafeRegister(static state => ((Socket)state!).Dispose(), socket);
            await BlockingWork.RunAsync(call);
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // However the call ended, it did so because its socket was closed.
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
