using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Fixtures;

/// <summary>
/// Stands between a client and a libvirtd as virtqemud stands before virtstoraged: it answers for itself, and hands storage calls on over a
/// connection of its own for each client. After <see cref="LoseStorage"/> that connection is dead, which virtqemud never notices: its clients'
/// connections live on, and every storage call on them fails with an error of the transport. Connections that come later work.
/// </summary>
/// <remarks>
/// The protocol is that of libvirt's virnetprotocol.x: each message has its length, a header of six numbers (program, version, procedure,
/// type, serial, status), and a payload in XDR.
/// </remarks>
public sealed class LibvirtRelay : IDisposable
{
    private const int HeaderSize = 28;
    private const uint RemoteProgram = 0x20008086;
    private const uint TypeCall = 0;
    private const uint TypeReply = 1;
    private const uint TypeStream = 3;
    private const uint StatusError = 1;

    // What virtqemud answers itself (remote_protocol.x): open, close, authentication, features, its version and URI, the close callback.
    private static readonly uint[] OwnProcedures = [1, 2, 60, 66, 144, 157, 360, 361];

    private readonly TemporaryDirectory _directory = new("relay");
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _target;
    private readonly List<Client> _clients = [];

    /// <summary>Listens before a libvirtd.</summary>
    public LibvirtRelay(PrivateLibvirtd libvirtd)
    {
        _target = libvirtd.Uri.Split("socket=")[1];
        _listener.Bind(new UnixDomainSocketEndPoint(_directory["sock"]));
        _listener.Listen(64);
        _ = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public string Uri => $"storage+unix:///system?socket={_directory["sock"]}";

    /// <summary>How many connections there ever were.</summary>
    public int Connections
    {
        get
        {
            lock (_clients) return _clients.Count;
        }
    }

    /// <summary>Kills the storage half of every connection that is open.</summary>
    /// <param name="code">The code of the error that storage calls end with, of the domain RPC.</param>
    /// <param name="errno">Its errno, for code 38.</param>
    /// <param name="message">Its message.</param>
    public void LoseStorage(int code, int errno, string message)
    {
        lock (_clients)
        {
            foreach (var client in _clients) client.Error = Error(code, errno, message);
        }
    }

    /// <summary>Ends it, with its connections.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        lock (_clients)
        {
            foreach (var client in _clients) client.Dispose();
        }

        _directory.Dispose();
    }

    // remote_protocol.x: remote_error.
    private static byte[] Error(int code, int errno, string message)
    {
        const int rpc = 7, error = 2;
        var text = Encoding.UTF8.GetBytes(message);
        var padding = (4 - (text.Length % 4)) % 4;
        return
        [
            .. Number(code), .. Number(rpc), .. Number(1), .. Number(text.Length), .. text, .. new byte[padding], .. Number(error),
            .. Number(0), .. Number(0), .. Number(0), .. Number(0), .. Number(errno), .. Number(0), .. Number(0),
        ];
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var client = new Client(await _listener.AcceptAsync(), _target);
                lock (_clients) _clients.Add(client);
                client.Start();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private sealed class Client : IDisposable
    {
        private readonly NetworkStream _near;
        private readonly NetworkStream _far;
        private readonly SemaphoreSlim _answering = new(1);

        public Client(Socket near, string target)
        {
            var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            far.Connect(new UnixDomainSocketEndPoint(target));
            (_near, _far) = (new NetworkStream(near, ownsSocket: true), new NetworkStream(far, ownsSocket: true));
        }

        /// <summary>What storage calls are answered with; null while they are handed on.</summary>
        public byte[]? Error { get; set; }

        public void Start() => _ = Task.WhenAll(
            RelayAsync(_near, message => Error is { } error && IsForStorage(message) ? AnswerAsync(message, error) : _far.WriteAsync(message).AsTask()),
            RelayAsync(_far, message => AnswerAsync(message)));

        public void Dispose()
        {
            _near.Dispose();
            _far.Dispose();
            _answering.Dispose();
        }

        private static bool IsForStorage(byte[] message) =>
            Field(message, 0) == RemoteProgram
            && (Field(message, 3) is TypeStream || (Field(message, 3) is TypeCall && !OwnProcedures.Contains(Field(message, 2))));

        private static uint Field(byte[] message, int number) => BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4 + (number * 4)));

        private static async Task<byte[]> ReadAsync(NetworkStream from)
        {
            var length = new byte[4];
            await from.ReadExactlyAsync(length);
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            length.CopyTo(message, 0);
            await from.ReadExactlyAsync(message.AsMemory(4));
            return message;
        }

        private async Task RelayAsync(NetworkStream from, Func<byte[], Task> handle)
        {
            try
            {
                while (true) await handle(await ReadAsync(from));
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                Dispose(); // The end of the one side is that of the other.
            }
        }

        private Task AnswerAsync(byte[] call, byte[] error)
        {
            byte[] reply = [.. Number(HeaderSize + error.Length), .. call.AsSpan(4, HeaderSize - 4), .. error];
            var type = Field(call, 3) is TypeCall ? TypeReply : TypeStream;
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(16), type);
            BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(24), StatusError);
            return AnswerAsync(reply);
        }

        private async Task AnswerAsync(byte[] message)
        {
            await _answering.WaitAsync();
            try
            {
                await _near.WriteAsync(message);
            }
            finally
            {
                _answering.Release();
            }
        }
    }
}
