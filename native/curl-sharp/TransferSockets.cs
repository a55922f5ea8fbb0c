using CurlSharp.Interop;

namespace CurlSharp;

/// <summary>
/// The sockets of one transfer. libcurl waits for some replies (the last of a transfer, that to <c>QUIT</c>, a TLS handshake after
/// <c>AUTH</c>) with no way to stop it but to end the connection under it.
/// </summary>
internal sealed class TransferSockets
{
    private const int CloseOnExec = 0x80000;
    private const int BothDirections = 2;
    private const int BadSocket = -1;

    private readonly Lock _gate = new();
    private readonly List<int> _open = [];
    private bool _isShut;
    private int _control = BadSocket;
    private bool _isSending;

    /// <summary>The control connection, while a reply may come over it that libcurl must read; else -1.</summary>
    internal int AwaitingReply => _isSending ? BadSocket : _control;

    /// <summary>A line of a reply came: the first one tells which connection they come over, one that begins with 1 (RFC 959, section
    /// 4.2.1, "preliminary") that the data come next, and the next reply only after them.</summary>
    internal void Heard(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_control == BadSocket && _open.Count > 0)
                _control = _open[^1];
            _isSending = line.StartsWith("1"u8);
        }
    }

    /// <summary>Makes a socket, unless all were shut down.</summary>
    internal int Open(int family, int type, int protocol)
    {
        lock (_gate)
        {
            if (_isShut)
                return BadSocket;
            var socket = NativeMethods.Socket(family, type | CloseOnExec, protocol);
            if (socket >= 0)
                _open.Add(socket);
            return socket;
        }
    }

    /// <summary>Closes a socket. Its number is free from now on.</summary>
    internal int Close(int socket)
    {
        lock (_gate)
        {
            _open.Remove(socket);
            if (socket == _control)
                _control = BadSocket;
            return NativeMethods.Close(socket);
        }
    }

    /// <summary>Ends every connection, so that its reader sees the end, and prevents new ones.</summary>
    internal void ShutDown()
    {
        lock (_gate)
        {
            _isShut = true;
            foreach (var socket in _open)
                _ = NativeMethods.Shutdown(socket, BothDirections);
        }
    }
}
