using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Fixtures.Wire;

/// <summary>A request, and the bare connection to answer it on.</summary>
public sealed class WireExchange
{
    private readonly Socket _socket;

    internal WireExchange(WireRequest request, Socket socket, Stream stream, CancellationToken stopped)
    {
        (Request, _socket, Stream, Stopped) = (request, socket, stream, stopped);
    }

    /// <summary>The request.</summary>
    public WireRequest Request { get; }

    /// <summary>The connection, decrypted.</summary>
    public Stream Stream { get; }

    /// <summary>Fires when the test is over.</summary>
    public CancellationToken Stopped { get; }

    /// <summary>Whether the script has ended the connection.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Writes bytes.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes) => Stream.WriteAsync(bytes, Stopped).AsTask();

    /// <summary>Writes text as Latin-1: one byte for each character.</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Writes a status line and headers.</summary>
    public Task WriteHeadAsync(string status, params string[] headers) =>
        WriteAsync($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    /// <summary>What a good server says: a part where one is asked for, else the whole.</summary>
    public Task ServeAsync(ReadOnlyMemory<byte> content, params string[] headers) => ServeUpToAsync(content, content.Length, headers);

    /// <summary>As <see cref="ServeAsync"/>, but what is promised ends before the byte at <paramref name="end"/> of the file.</summary>
    public async Task ServeUpToAsync(ReadOnlyMemory<byte> content, int end, params string[] headers)
    {
        var start = (int)(Request.RangeStart ?? 0);
        var last = (int)Math.Min(content.Length - 1, Request.RangeEnd ?? long.MaxValue);
        var (status, range) = Request.RangeStart is null
            ? ("200 OK", "Accept-Ranges: bytes")
            : ("206 Partial Content", $"Content-Range: bytes {start}-{last}/{content.Length}");
        await WriteHeadAsync(status, [range, $"Content-Length: {last + 1 - start}", .. headers]);
        await WriteAsync(content[start..Math.Max(start, Math.Min(end, last + 1))]);
    }

    /// <summary>Says nothing more until the test is over.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, Stopped);

    /// <summary>Ends the connection in good order once the script returns.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Tells the client that no more comes, and goes on reading from it.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection.</summary>
    public void Reset()
    {
        IsClosed = true;
        _socket.LingerState = new LingerOption(enable: true, 0);
        _socket.Close();
    }
}
