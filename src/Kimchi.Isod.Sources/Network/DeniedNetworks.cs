using System.Net;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Holds <see cref="NetworkOptions.DenyNetworks"/>, and keeps away from addresses that are no destination.</summary>
/// <remarks>An address is judged in each of its forms: <see cref="EmbeddedAddresses"/>.</remarks>
internal static class DeniedNetworks
{
    // "This host on this network" (RFC 1122, section 3.2.1.3) and the unspecified address (RFC 4291, section 2.5.2) are sources only. Linux
    // connects to itself for both.
    private static readonly IPNetwork[] NoDestinations = [IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("::/128")];

    /// <summary>Refuses a URL whose host is a denied address, also where a proxy would connect to it.</summary>
    public static void CheckLiteral(Uri uri, IReadOnlyList<IPNetwork> denied)
    {
        // With a dot at its end it is the same address, though not to IPAddress.
        if (IPAddress.TryParse(uri.IdnHost.TrimEnd('.'), out var address) && FindFault(address, denied) is { } fault)
            throw Denied(uri.Host, address, fault);
    }

    /// <summary>Those of a host's addresses that may be connected to.</summary>
    /// <exception cref="DownloadException">None of them may.</exception>
    public static IPAddress[] Permitted(string host, IPAddress[] addresses, IReadOnlyList<IPNetwork> denied)
    {
        var permitted = addresses.Where(a => FindFault(a, denied) is null).ToArray();
        if (permitted.Length == 0 && addresses.Length > 0) throw Denied(host, addresses[0], FindFault(addresses[0], denied)!);
        return permitted;
    }

    private static string? FindFault(IPAddress address, IReadOnlyList<IPNetwork> denied)
    {
        foreach (var form in EmbeddedAddresses.FormsOf(address))
        {
            if (NoDestinations.Any(network => network.Contains(form))) return "which nothing can be reached at";
            foreach (var network in denied)
            {
                if (Plain(network).Contains(form)) return $"which is in the denied network {network} (network:deny_networks)";
            }
        }

        return null;
    }

    // ::ffff:10.0.0.0/104 is another way to write 10.0.0.0/8.
    private static IPNetwork Plain(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= 96
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - 96)
        : network;

    private static DownloadException Denied(string host, IPAddress address, string fault) =>
        new(DownloadErrorKind.RemoteUnreadable, $"the host '{host}' has the address {address}, {fault}");
}
