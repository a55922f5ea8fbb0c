using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A request, and the bare connection to answer it on.</summary>
internal sealed class WireExchange(WireRequest request, Socket socket, Stream stream, CancellationToken stopped)
{
    public WireRequest Request => request;

    public Stream Stream => stream;

    /// <summary>Fires when the test is over.</summary>
    public CancellationToken Stopped => stopped;

    public bool IsClosed { get; private set; }

    public Task WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes, stopped).AsTask();

    /// <summary>Writes text as Latin-1: one byte for each character.</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    public Task WriteHeadAsync(string status, params string[] headers) =>
        WriteAsync($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n");

    /// <summary>What a good server says: a part where one is asked for, else the whole.</summary>
    public async Task ServeAsync(ReadOnlyMemory<byte> content, params string[] headers)
    {
        var start = (int)(request.RangeStart ?? 0);
        var (status, range) = request.RangeStart is null
            ? ("200 OK", "Accept-Ranges: bytes")
            : ("206 Partial Content", $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}");
        await WriteHeadAsync(status, [range, $"Content-Length: {content.Length - start}", .. headers]);
        await WriteAsync(content[start..]);
    }

    /// <summary>Says nothing more until the test is over.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, stopped);

    /// <summary>Ends the connection in good order once the script returns.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Tells the client that no more comes, and goes on reading from it.</summary>
    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Breaks the connection.</summary>
    public void Reset()
    {
        IsClosed = true;
        socket.LingerState = new LingerOption(enable: true, 0);
        socket.Close();
    }
}
