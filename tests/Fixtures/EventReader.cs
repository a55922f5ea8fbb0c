using System.Text.Json;

namespace Kimchi.Isod.Fixtures;

/// <summary>One event of a stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its data.</param>
public sealed record StreamEvent(string Name, JsonElement Data)
{
    /// <summary>A text of its data.</summary>
    public string Text(string key) => Data.GetProperty(key).GetString()!;

    /// <summary>A number of its data.</summary>
    public long Number(string key) => Data.GetProperty(key).GetInt64();
}

/// <summary>A client of the daemon's stream of events. It knows the format, and nothing of the daemon's own types.</summary>
public sealed class EventReader(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StreamReader _lines = new(body);

    /// <summary>The media type.</summary>
    public string? ContentType => response.Content.Headers.ContentType?.ToString();

    /// <summary>Comments that were skipped so far.</summary>
    public int Comments { get; private set; }

    /// <summary>The next event, or null at the end.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var (name, data) = ("", "");
        while (await _lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(':')) Comments++;
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0 && data.Length > 0) return new StreamEvent(name, JsonDocument.Parse(data).RootElement);
            else if (line.Length > 0) throw new InvalidDataException($"not a line of an event stream: {line}");
        }

        return null;
    }

    /// <summary>Reads until an event comes that the test waits for.</summary>
    /// <returns>All that came, that one last.</returns>
    public async Task<IReadOnlyList<StreamEvent>> ReadUntilAsync(Func<StreamEvent, bool> isIt)
    {
        List<StreamEvent> all = [];
        while (await NextAsync() is { } next)
        {
            all.Add(next);
            if (isIt(next)) return all;
        }

        throw new EndOfStreamException($"the stream ended after {string.Join("; ", all)}");
    }

    /// <summary>Closes the stream.</summary>
    public void Dispose()
    {
        _lines.Dispose();
        response.Dispose();
    }
}
