using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>An FTP server on loopback that keeps to RFC 959 and RFC 3659 but where its script says otherwise.</summary>
public sealed class ScriptedFtpServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentBag<Task> _sessions = [];
    private readonly TcpListener _listener;
    private readonly Task _accepting;
    private int _open;

    /// <summary>The byte that is asked for where all before an offset is stored: some of that is compared.</summary>
    public static long RestFor(long offset) => offset - Math.Min(64 * 1024, offset / 2);

    /// <summary>Starts it.</summary>
    /// <param name="script">What it serves, and how.</param>
    /// <param name="address">Where it listens; 127.0.0.1 when null.</param>
    public ScriptedFtpServer(FtpScript script, IPAddress? address = null)
    {
        Script = script;
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What it serves, and how. A change counts for the sessions that begin after it.</summary>
    public FtpScript Script { get; set; }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every command so far, oldest first.</summary>
    public IReadOnlyList<string> Commands => [.. _commands.Select(c => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(c)))];

    /// <summary>The same, with a character for each byte.</summary>
    public IReadOnlyList<string> RawCommands => [.. _commands];

    /// <summary>How many sessions there are now.</summary>
    public int OpenSessions => Volatile.Read(ref _open);

    /// <summary>Returns when a command of that name has come.</summary>
    public void WaitFor(string command) => Patience.Until(
        () => _commands.Any(c => c.StartsWith(command, StringComparison.Ordinal)),
        () => $"no {command} came, but {string.Join(", ", _commands)}");

    /// <summary>Returns when all clients have left.</summary>
    public void WaitUntilLeft() => Patience.Until(() => OpenSessions == 0, () => $"{OpenSessions} sessions are still open");

    /// <summary>Ends it with all its sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_sessions);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _sessions.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref _open);
        try
        {
            using (client)
            {
                client.NoDelay = true;
                using var session = new FtpScriptSession(Script, client, _commands.Enqueue, _stop.Token);
                await session.RunAsync();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, or the test is over.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}

/// <summary>What a <see cref="ScriptedFtpServer"/> serves, and where it strays from the rules.</summary>
public sealed record FtpScript(byte[] Content)
{
    /// <summary>Replies by command (<c>""</c> for the greeting), lines without their ends; null for silence. <c>{port}</c> stands for
    /// the data port, <c>{high}</c> and <c>{low}</c> for its bytes. A reply of <c>close</c> closes the connection.</summary>
    public IReadOnlyDictionary<string, string?> Replies { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Sends the data, which end when it returns; null for all from the offset on.</summary>
    public Func<Stream, int, CancellationToken, Task>? Send { get; init; }

    /// <summary>The reply to RETR before the data.</summary>
    public string Begin { get; init; } = "150 Opening BINARY mode data connection.";

    /// <summary>REST is accepted, and the file is sent from its first byte all the same.</summary>
    public bool IgnoresRest { get; init; }

    /// <summary>The reply to RETR where REST has named a byte behind the first; null to send from there.</summary>
    public string? RestRefusal { get; init; }

    /// <summary>The reply after the data; null for silence, <c>close</c> to close the connection.</summary>
    public string? End { get; init; } = "226 Transfer complete.";
}
