using System.Globalization;
using System.Text;

namespace Kimchi.Isod.Fixtures.Wire;

/// <summary>A request's head as it came. The server's requests are counted from 1.</summary>
public sealed record WireRequest(int Number, string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The start that <c>Range: bytes=N-</c> or <c>bytes=N-M</c> asks for, or null without one.</summary>
    public long? RangeStart => RangeParts is [var start, _] ? long.Parse(start, CultureInfo.InvariantCulture) : null;

    /// <summary>The last byte that <c>Range: bytes=N-M</c> asks for, or null without one.</summary>
    public long? RangeEnd => RangeParts is [_, { Length: > 0 } end] ? long.Parse(end, CultureInfo.InvariantCulture) : null;

    private string[]? RangeParts => Headers.TryGetValue("Range", out var range) ? range["bytes=".Length..].Split('-') : null;

    /// <summary>A header's value, empty without it.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Reads a head; null where the connection ends instead.</summary>
    internal static async Task<WireRequest?> ReadAsync(Stream stream, CancellationToken stopped)
    {
        var lines = new List<string>();
        while (await ReadLineAsync(stream, stopped) is { } line)
        {
            if (line.Length > 0)
            {
                lines.Add(line);
                continue;
            }

            var words = lines[0].Split(' ');
            var headers = lines.Skip(1).Select(l => l.Split(": ", 2)).ToDictionary(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
            return new WireRequest(0, words[0], words[1], headers);
        }

        return null;
    }

    private static async Task<string?> ReadLineAsync(Stream stream, CancellationToken stopped)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stopped) == 1)
        {
            if (one[0] == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)one[0]);
        }

        return null;
    }
}
