using System.Net;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The hosts that are reached without a proxy, read as curl reads no_proxy: <c>man curl</c>, <c>NO_PROXY</c>.</summary>
/// <param name="entries">Names, which stand for themselves and all names below them; addresses; networks; or <c>*</c>.</param>
/// <param name="isLoopbackDirect">Whether this machine itself is never asked for through a proxy.</param>
internal sealed class ProxyExceptions(IEnumerable<string> entries, bool isLoopbackDirect)
{
    private readonly string[] _entries = [.. entries.Select(e => e.Trim()).Where(e => e.Length > 0)];

    public bool Contains(Uri uri) => (isLoopbackDirect && uri.IsLoopback) || _entries.Any(e => Matches(e, uri.IdnHost));

    private static bool Matches(string entry, string host)
    {
        if (entry == "*") return true;
        if (IPAddress.TryParse(host, out var address)) return Matches(entry, address);
        var name = entry.Trim('.');
        var plain = host.TrimEnd('.');
        return plain.Equals(name, StringComparison.OrdinalIgnoreCase)
            || plain.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Matches(string entry, IPAddress address) =>
        (IPNetwork.TryParse(entry, out var network) && network.Contains(address))
        || (IPAddress.TryParse(entry, out var single) && single.Equals(address));
}
