using System.Net;
using System.Net.Sockets;
using Kimchi.Isod.Configuration;

namespace Kimchi.Isod.Server;

/// <summary>The Unix domain socket of the API: bound with its mode from the first moment, never taken from another daemon.</summary>
internal static class ControlSocket
{
    /// <summary>Binds the socket. A file that nobody listens on any more is replaced.</summary>
    /// <exception cref="IOException">Somebody answers on it, or it cannot be made; the message names the path and the remedy.</exception>
    public static Socket Bind(UnixDomainSocketEndPoint endPoint, ServerOptions options)
    {
        MakeDirectory(options.Socket);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var umask = Posix.SetUmask(0x1FF & ~(uint)options.SocketMode);
        try
        {
            RemoveStale(options.Socket);
            socket.Bind(endPoint);
            if (options.SocketGroup is { } group) Posix.SetGroup(options.Socket, group);
            return socket;
        }
        catch (Exception e) when (e is SocketException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new IOException($"the socket {options.Socket} cannot be made: {e.Message}; see server:socket", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        finally
        {
            _ = Posix.SetUmask(umask);
        }
    }

    private static void MakeDirectory(string socket)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the directory of the socket {socket} cannot be made: {e.Message}; see server:socket", e);
        }
    }

    private static void RemoveStale(string path)
    {
        if (!File.Exists(path)) return;
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            client.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"the socket {path} is in use by another daemon; stop that one, or set server:socket");
    }
}
