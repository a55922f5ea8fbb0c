namespace Kimchi.Isod.Core.Segments;

/// <summary>How many connections there are to each server, over all downloads, and how many each has borne: <c>network:connections_per_host</c>.</summary>
/// <remarks>A download's first connection always may be made. The limits are for those beside it.</remarks>
/// <param name="most">How many connections a server may have where it has not refused any.</param>
/// <param name="time">The clock.</param>
public sealed class HostConnections(int most, TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (int Most, long Since)> _limits = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Counts a download's first connection, until the result is disposed.</summary>
    internal IDisposable Count(string host)
    {
        lock (_gate) _open[host] = Open(host) + 1;
        return new Counted(this, host);
    }

    /// <summary>Whether a server may have one more connection.</summary>
    internal bool HasRoom(string host)
    {
        lock (_gate) return Open(host) < Limit(host);
    }

    /// <summary>Counts one more connection, if the server may have it.</summary>
    internal bool TryAdd(string host)
    {
        lock (_gate)
        {
            if (Open(host) >= Limit(host)) return false;
            _open[host] = Open(host) + 1;
            return true;
        }
    }

    /// <summary>A connection was closed.</summary>
    internal void Remove(string host)
    {
        lock (_gate)
        {
            var left = Open(host) - 1;
            if (left > 0) _open[host] = left;
            else _open.Remove(host);
        }
    }

    /// <summary>Remembers for an hour that a server has refused one of its present connections.</summary>
    /// <returns>How many connections it is given from now on.</returns>
    internal int NoteRefused(string host)
    {
        lock (_gate)
        {
            foreach (var old in _limits.Where(limit => time.GetElapsedTime(limit.Value.Since) >= Memory).ToList()) _limits.Remove(old.Key);
            var borne = Math.Max(1, Math.Min(Open(host) - 1, Limit(host)));
            _limits[host] = (borne, time.GetTimestamp());
            return borne;
        }
    }

    private int Open(string host) => _open.GetValueOrDefault(host);

    private int Limit(string host) =>
        _limits.TryGetValue(host, out var limit) && time.GetElapsedTime(limit.Since) < Memory ? Math.Min(limit.Most, most) : most;

    private sealed class Counted(HostConnections all, string host) : IDisposable
    {
        public void Dispose() => all.Remove(host);
    }
}
