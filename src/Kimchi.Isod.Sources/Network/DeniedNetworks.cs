using System.Net;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Holds <see cref="NetworkOptions.DenyNetworks"/>.</summary>
internal static class DeniedNetworks
{
    /// <summary>Refuses a URL whose host is a denied address, also where a proxy would connect to it.</summary>
    public static void CheckLiteral(Uri uri, IReadOnlyList<IPNetwork> denied)
    {
        // With a dot at its end it is the same address, though not to IPAddress.
        if (IPAddress.TryParse(uri.IdnHost.TrimEnd('.'), out var address) && Find(address, denied) is { } network)
            throw Denied(uri.Host, address, network);
    }

    /// <summary>Those of a host's addresses that may be connected to.</summary>
    /// <exception cref="DownloadException">None of them may.</exception>
    public static IPAddress[] Permitted(string host, IPAddress[] addresses, IReadOnlyList<IPNetwork> denied)
    {
        var permitted = addresses.Where(a => Find(a, denied) is null).ToArray();
        if (permitted.Length == 0 && addresses.Length > 0) throw Denied(host, addresses[0], Find(addresses[0], denied)!.Value);
        return permitted;
    }

    private static IPNetwork? Find(IPAddress address, IReadOnlyList<IPNetwork> denied)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in denied)
        {
            if (network.Contains(plain)) return network;
        }

        return null;
    }

    private static DownloadException Denied(string host, IPAddress address, IPNetwork network) => new(
        DownloadErrorKind.RemoteUnreadable,
        $"the host '{host}' has the address {address}, which is in the denied network {network} (network:deny_networks)");
}
