using System.Globalization;
using System.Net;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The hosts that are reached without a proxy, read as curl reads no_proxy: <c>man curl</c>, <c>NO_PROXY</c>.</summary>
/// <param name="entries">Names, which stand for themselves and all names below them; addresses; networks; or <c>*</c>.</param>
/// <param name="isLoopbackDirect">Whether this machine itself is never asked for through a proxy.</param>
internal sealed class ProxyExceptions(IEnumerable<string> entries, bool isLoopbackDirect)
{
    private readonly string[] _entries = [.. entries.Select(e => e.Trim()).Where(e => e.Length > 0)];

    public bool Contains(Uri uri) => (isLoopbackDirect && uri.IsLoopback) || _entries.Any(e => Matches(e, uri));

    private static bool Matches(string entry, Uri uri)
    {
        if (entry == "*") return true;
        var (host, port) = Split(entry);
        if (port is { } only && only != uri.Port) return false;
        if (IPAddress.TryParse(uri.IdnHost, out var address)) return Matches(host, address);
        var name = host.Trim('.');
        var plain = uri.IdnHost.TrimEnd('.');
        return plain.Equals(name, StringComparison.OrdinalIgnoreCase)
            || plain.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    // "host:port" and "[address]:port" stand for that port alone; an address of IPv6 may be in brackets, too.
    private static (string Host, int? Port) Split(string entry)
    {
        var end = entry.StartsWith('[') ? entry.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = entry.LastIndexOf(':');
        var hasPort = end > 0 ? colon == end + 1 : colon > 0 && entry.IndexOf(':', StringComparison.Ordinal) == colon;
        var host = end > 0 && (hasPort || end == entry.Length - 1) ? entry[1..end] : hasPort ? entry[..colon] : entry;
        return hasPort && ushort.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (host, port)
            : (end > 0 || !hasPort ? host : entry, null);
    }

    private static bool Matches(string entry, IPAddress address) =>
        (IPNetwork.TryParse(entry, out var network) && network.Contains(address))
        || (IPAddress.TryParse(entry, out var single) && single.Equals(address));
}
