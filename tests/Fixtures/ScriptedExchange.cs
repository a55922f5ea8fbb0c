using System.Net.Sockets;
using System.Text;

namespace Kimchi.Isod.Fixtures;

/// <summary>A request, and the raw connection to answer it on.</summary>
public sealed class ScriptedExchange(ScriptedRequest request, Socket socket, Stream stream, CancellationToken stopped)
{
    public ScriptedRequest Request => request;

    public Stream Stream => stream;

    /// <summary>Cancelled when the server is disposed: pass it to every wait of a script.</summary>
    public CancellationToken Stopped => stopped;

    internal bool IsClosed { get; private set; }

    /// <summary>Writes bytes as they are.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stopped);
        await stream.FlushAsync(stopped);
    }

    /// <summary>Writes text as Latin-1, so that a test can send any byte.</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Writes a status line and headers, <c>"Content-Length: 5"</c> each, and the empty line.</summary>
    public Task WriteHeadAsync(string status, params string[] headers) =>
        WriteAsync($"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");

    /// <summary>A whole and right reply: 206 where a range was asked for, else 200.</summary>
    public async Task ServeAsync(ReadOnlyMemory<byte> content, params string[] headers)
    {
        var start = (int)(request.RangeStart ?? 0);
        var body = content[start..];
        string[] own = request.RangeStart is null
            ? [$"Content-Length: {body.Length}", "Accept-Ranges: bytes"]
            : [$"Content-Length: {body.Length}", $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}"];
        await WriteHeadAsync(request.RangeStart is null ? "200 OK" : "206 Partial Content", [.. own, .. headers]);
        await WriteAsync(body);
    }

    /// <summary>Writes piece by piece, with a pause after each.</summary>
    public async Task TrickleAsync(ReadOnlyMemory<byte> bytes, int pieceSize, TimeSpan pause)
    {
        for (var offset = 0; offset < bytes.Length; offset += pieceSize)
        {
            await WriteAsync(bytes.Slice(offset, Math.Min(pieceSize, bytes.Length - offset)));
            await Task.Delay(pause, stopped);
        }
    }

    /// <summary>Says nothing more until the server is disposed.</summary>
    public Task StallAsync() => Task.Delay(Timeout.Infinite, stopped);

    /// <summary>Ends the connection in order (FIN) when the script returns: a body that is short is truncated.</summary>
    public void Close() => IsClosed = true;

    /// <summary>Breaks the connection (RST).</summary>
    public void Reset()
    {
        IsClosed = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
