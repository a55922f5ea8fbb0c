using System.Net;
using System.Net.Sockets;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The IPv4 addresses that IPv6 addresses stand for: what is sent to the one arrives at the other, on this machine or behind a
/// translator or a tunnel.</summary>
internal static class EmbeddedAddresses
{
    // The prefix, and where the four bytes of IPv4 stand behind it. Teredo has them inverted.
    private static readonly (IPNetwork Prefix, int At, byte Mask)[] Forms =
    [
        (IPNetwork.Parse("::ffff:0:0/96"), 12, 0), // mapped: RFC 4291, section 2.5.5.2
        (IPNetwork.Parse("::/96"), 12, 0), // compatible: section 2.5.5.1
        (IPNetwork.Parse("::ffff:0:0:0/96"), 12, 0), // translated: RFC 2765, section 2.1
        (IPNetwork.Parse("64:ff9b::/96"), 12, 0), // NAT64: RFC 6052, section 2.1
        (IPNetwork.Parse("64:ff9b:1::/48"), 12, 0), // NAT64 of a network's own, most likely a /96 in it: RFC 8215
        (IPNetwork.Parse("2002::/16"), 2, 0), // 6to4: RFC 3056, section 2
        (IPNetwork.Parse("2001::/32"), 4, 0), // Teredo's server: RFC 4380, section 4
        (IPNetwork.Parse("2001::/32"), 12, 0xff), // Teredo's client
    ];

    /// <summary>An address, and every other one that is reached by it.</summary>
    public static IEnumerable<IPAddress> FormsOf(IPAddress address)
    {
        yield return address;
        // The whole of ::/96 but this machine's own address was meant for IPv4.
        if (address.AddressFamily is not AddressFamily.InterNetworkV6 || address.Equals(IPAddress.IPv6Loopback)) yield break;
        var bytes = address.GetAddressBytes();
        foreach (var (prefix, at, mask) in Forms)
        {
            if (prefix.Contains(address)) yield return new IPAddress([.. bytes.Skip(at).Take(4).Select(b => (byte)(b ^ mask))]);
        }

        if (IsIsatap(bytes)) yield return new IPAddress(bytes.AsSpan(12));
    }

    // RFC 5214, section 6.1: the interface's identifier is 0:5efe or 200:5efe and the address.
    private static bool IsIsatap(byte[] bytes) => bytes[8] is 0 or 2 && bytes.AsSpan(9, 3).SequenceEqual((ReadOnlySpan<byte>)[0, 0x5e, 0xfe]);
}
