using System.Net;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

/// <summary>The many ways to write one address, all of which lead to one host.</summary>
public sealed class AddressFormFuzzTests
{
    private static readonly Gen<byte[]> Addresses = Gen.Byte.Array[4].Where(bytes => bytes[0] != 0);

    [Test]
    public void Address_in_a_denied_network_is_denied_in_each_of_its_forms() => Gen.Select(Addresses, Gen.Int[0, 32]).Holds(
        c =>
        {
            var (bytes, length) = c;
            var network = new IPNetwork(new IPAddress(Masked(bytes, length)), length);
            return Spellings(bytes).All(host => IsDenied(host, network)) && Forms(bytes).All(form => IsDenied(form, network));
        },
        count: 5000);

    [Test]
    public void Network_may_be_written_as_a_mapped_one() => Gen.Select(Addresses, Gen.Int[0, 32]).Holds(c =>
    {
        var (bytes, length) = c;
        var network = new IPNetwork(new IPAddress(Masked(bytes, length)).MapToIPv6(), length + 96);
        return IsDenied(new IPAddress(bytes), network) && IsDenied(new IPAddress(bytes).MapToIPv6(), network);
    });

    [Test]
    public void Address_outside_is_permitted_in_each_of_its_forms() => Gen.Select(Addresses, Addresses).Where((one, other) => !one.SequenceEqual(other)).Holds(c =>
    {
        var network = new IPNetwork(new IPAddress(c.Item2), 32);
        return Forms(c.Item1).All(form => !IsDenied(form, network));
    });

    [Test]
    public void Nothing_is_reached_at_this_network([Values("0.0.0.0", "0.1.2.3", "0.255.255.255", "::", "::ffff:0.0.0.0", "64:ff9b::", "2002::1", "::0.1.2.3")] string address) =>
        Assert.That(() => DeniedNetworks.Permitted("host", [IPAddress.Parse(address)], []),
            Throws.TypeOf<DownloadException>().With.Message.Contains("nothing can be reached"));

    [Test]
    public void Others_are_reached_with_nothing_denied([Values("::1", "127.0.0.1", "1.0.0.0", "fe80::1%2", "2001:db8::1", "64:ff9b::1.2.3.4")] string address) =>
        Assert.That(DeniedNetworks.Permitted("host", [IPAddress.Parse(address)], []), Has.Length.EqualTo(1));

    [Test]
    public void Loopback_of_ipv6_is_no_address_of_ipv4() =>
        Assert.That(DeniedNetworks.Permitted("host", [IPAddress.IPv6Loopback], [IPNetwork.Parse("127.0.0.0/8")]), Has.Length.EqualTo(1));

    // As the URL's parser takes them: RFC 3986, section 7.4.
    private static IEnumerable<string> Spellings(byte[] b)
    {
        var number = ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];
        var plain = new IPAddress(b).ToString();
        return
        [
            plain, $"{plain}.", $"{number}", $"0x{number:x}", $"0X{number:X8}", $"0{Octal(number)}",
            $"0x{b[0]:x}.0x{b[1]:x}.0x{b[2]:x}.0x{b[3]:x}", $"0{Octal(b[0])}.0{Octal(b[1])}.0{Octal(b[2])}.0{Octal(b[3])}",
            $"{b[0]}.{number & 0xffffff}", $"{b[0]}.{b[1]}.{number & 0xffff}", FullWidth(plain), $"[::ffff:{plain}]", $"[::ffff:{b[0]:x2}{b[1]:x2}:{b[2]:x2}{b[3]:x2}]",
        ];
    }

    private static IEnumerable<IPAddress> Forms(byte[] b)
    {
        var low = $"{b[0]:x2}{b[1]:x2}:{b[2]:x2}{b[3]:x2}";
        var inverted = $"{b[0] ^ 0xff:x2}{b[1] ^ 0xff:x2}:{b[2] ^ 0xff:x2}{b[3] ^ 0xff:x2}";
        string[] forms =
        [
            $"::ffff:{low}", $"::{low}", $"::ffff:0:{low}", $"64:ff9b::{low}", $"64:ff9b:1::{low}", $"2002:{low}::1", $"2001:0:101:101::{inverted}", $"2001:db8::5efe:{low}",
        ];
        return forms.Select(IPAddress.Parse).Prepend(new IPAddress(b));
    }

    private static string Octal(uint number) => Convert.ToString(number, 8);

    private static string FullWidth(string text) => string.Concat(text.Select(c => c == '.' ? '．' : (char)(c - '0' + '０')));

    private static byte[] Masked(byte[] address, int bits) =>
        [.. address.Select((b, i) => (byte)(b & (0xff << Math.Clamp(8 - (bits - (8 * i)), 0, 8))))];

    private static bool IsDenied(string host, IPNetwork network) =>
        IsRefused(() => DeniedNetworks.CheckLiteral(HostNames.Map(RemoteUrl.Parse($"http://{host}/")).Uri, [network]));

    private static bool IsDenied(IPAddress address, IPNetwork network) =>
        IsRefused(() => DeniedNetworks.Permitted("host", [address], [network])) && IsRefused(() => DeniedNetworks.CheckLiteral(new UriBuilder("http", address.ToString()).Uri, [network]));

    private static bool IsRefused(Action check)
    {
        try
        {
            check();
            return false;
        }
        catch (DownloadException e)
        {
            return e.Kind is DownloadErrorKind.RemoteUnreadable;
        }
    }
}
