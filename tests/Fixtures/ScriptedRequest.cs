using System.Text;

namespace Kimchi.Isod.Fixtures;

/// <summary>A request as it came: its line, and its headers by name.</summary>
/// <param name="Number">Counts the server's requests, from 1.</param>
/// <param name="Connection">Counts the server's connections, from 1.</param>
public sealed record ScriptedRequest(
    int Number, int Connection, string Method, string Target, IReadOnlyDictionary<string, string> Headers)
{
    private const int LongestHead = 64 << 10;

    /// <summary>The start that a <c>Range: bytes=N-</c> asks for, or null with no such header.</summary>
    public long? RangeStart =>
        Headers.TryGetValue("Range", out var range) && range.StartsWith("bytes=", StringComparison.Ordinal)
            ? long.Parse(range["bytes=".Length..range.IndexOf('-', StringComparison.Ordinal)])
            : null;

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>Reads one request's head, or null where the connection ends in place of one.</summary>
    internal static async Task<ScriptedRequest?> ReadAsync(Stream stream, int connection, CancellationToken stop)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (head.Length > LongestHead)
                throw new IOException("the request's head has no end");

            if (await stream.ReadAsync(one, stop) == 0)
                return null;

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var words = lines[0].Split(' ');
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return new ScriptedRequest(0, connection, words[0], words[1], headers);
    }

    private static bool EndsHead(StringBuilder head) =>
        head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n';
}
