using System.Net.Sockets;

namespace Kimchi.Isod.Systemd;

/// <summary>Sends entries to the journal: https://systemd.io/JOURNAL_NATIVE_PROTOCOL.</summary>
internal sealed class JournalSocket(string path) : IDisposable
{
    public const string DefaultPath = "/run/systemd/journal/socket";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _journal = new(path);

    /// <summary>Sends one entry.</summary>
    /// <returns>Whether the journal has it; not so while it is being restarted.</returns>
    public bool TrySend(ReadOnlySpan<byte> entry)
    {
        try
        {
            return _socket.SendTo(entry, _journal) == entry.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
