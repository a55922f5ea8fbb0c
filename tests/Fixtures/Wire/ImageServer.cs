using System.Collections.Concurrent;

namespace Kimchi.Isod.Fixtures.Wire;

/// <summary>A server of images that are kept in memory: it sends them piece by piece, and tells how far it is.</summary>
public sealed class ImageServer : IAsyncDisposable
{
    private const int PieceSize = 64 * 1024;

    private readonly ConcurrentDictionary<string, byte[]> _images = new();
    private readonly WireServer _server;
    private readonly Func<WireExchange, byte[], Task<int>> _misbehave;

    /// <summary>Starts it.</summary>
    /// <param name="misbehave">Looks at each request for an image first. It tells how many bytes of the reply are sent, fewer than
    /// were asked for perhaps, after which the connection is closed; or it has answered itself, and gives -1. Null for a good server.</param>
    public ImageServer(Func<WireExchange, byte[], Task<int>>? misbehave = null)
    {
        _misbehave = misbehave ?? ((_, _) => Task.FromResult(int.MaxValue));
        _server = new WireServer(ServeAsync);
    }

    /// <summary>Hears the image's name and the next byte before each piece, and in the end its length.</summary>
    public event EventHandler<SendingEventArgs>? Sending;

    /// <summary>How long it waits after each 64 KiB.</summary>
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether it does not tell sizes (RFC 9112, 7.1: chunked), and knows no ranges.</summary>
    public bool HidesSizes { get; set; }

    /// <summary>Adds an image of pseudo-random bytes.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] Add(string name, int size, int seed)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        return _images[name] = content;
    }

    /// <summary>Forgets an image; a request for it gets a 404 then.</summary>
    public void Remove(string name) => _images.TryRemove(name, out _);

    /// <summary>Puts back what was removed.</summary>
    public void Add(string name, byte[] content) => _images[name] = content;

    /// <summary>The URL of an image.</summary>
    public string Url(string name) => new Uri(_server.Address, name).AbsoluteUri;

    /// <summary>Ends it with all its connections.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(WireExchange exchange)
    {
        var name = exchange.Request.Target.TrimStart('/');
        if (!_images.TryGetValue(name, out var content))
        {
            await exchange.WriteHeadAsync("404 Not Found", "Content-Length: 0");
            return;
        }

        var start = HidesSizes ? 0 : (int)(exchange.Request.RangeStart ?? 0);
        Tell(name, start);
        var length = await _misbehave(exchange, content);
        if (length < 0) return;
        var whole = HidesSizes ? content.Length : (int)Math.Min(content.Length, (exchange.Request.RangeEnd ?? long.MaxValue - 1) + 1);
        var end = (int)Math.Min(whole, (long)start + length);
        if (HidesSizes) await exchange.WriteHeadAsync("200 OK", "Transfer-Encoding: chunked");
        else await exchange.ServeUpToAsync(content, start, "ETag: \"1\"");
        for (var at = start; at < end; at += PieceSize)
        {
            Tell(name, at);
            var count = Math.Min(PieceSize, end - at);
            if (HidesSizes) await exchange.WriteAsync($"{count:x}\r\n");
            await exchange.WriteAsync(content.AsMemory(at, count));
            if (HidesSizes) await exchange.WriteAsync("\r\n");
            await Task.Delay(Pace, exchange.Stopped);
        }

        if (HidesSizes && end == whole) await exchange.WriteAsync("0\r\n\r\n");
        if (end < whole) exchange.Close();
        else Tell(name, end);
    }

    private void Tell(string name, int position) => Sending?.Invoke(this, new SendingEventArgs(name, position));
}
