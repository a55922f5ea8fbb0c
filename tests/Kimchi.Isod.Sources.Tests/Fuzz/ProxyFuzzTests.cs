using System.Net;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

/// <summary>What the environment says of proxies, and networks that are denied.</summary>
public sealed class ProxyFuzzTests
{
    private static readonly Gen<string> Proxies = Gen.Select(
        Gen.OneOf("", "http://", "https://", "socks5://", "socks5h://", "socks4://", "ftp://", "file://", "x://", "://"),
        Gen.OneOf("", "user@", "Us3r:Pa55w0rd@", "%:%@", "a:b:c@"),
        Gen.OneOf(Gen.OneOf("proxy", "127.0.0.1", "[::1]", "[fe80::1%25eth0]", "", "é", "a b", "_", "*"), Texts.Any),
        Gen.OneOf("", ":3128", ":", ":0", ":65536", "/", "/path?q#f"),
        (scheme, user, host, rest) => scheme + user + host + rest);

    private static readonly Gen<string> Exceptions = Gen.OneOf(
        Texts.Any, Texts.Of("*", ".", "example.org", "10.0.0.0/8", "::1", "fd00::/8", "/", "127.0.0.1", "[::1]", " ", ",", "é"));

    [Test]
    public void Any_text_is_a_proxy_or_none() => Gen.OneOf(Proxies, Texts.Near(Proxies)).AreRead(
        text =>
        {
            var proxy = ProxyServer.Parse(text);
            // The schemes that SocketsHttpHandler takes; it throws at each request for any other.
            return proxy is null || (proxy.Address is { UserInfo.Length: 0, Host.Length: > 0, Port: > 0 }
                && proxy.Address.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5");
        },
        count: 30_000);

    [Test]
    public void Any_list_of_exceptions_is_read() => Gen.Select(Exceptions, Gen.OneOf("http://example.org/", "http://10.1.2.3/", "http://[::1]/", "ftp://é.example/")).Holds(
        c => new ProxyExceptions(c.Item1.Split(','), isLoopbackDirect: false).Contains(new Uri(c.Item2)) is var contains
            && (contains || !c.Item1.Split(',').Any(entry => entry.Trim() is "*")),
        count: 20_000);

    [Test]
    public void Name_stands_for_itself_and_the_names_below_it() => Gen.Select(
            Gen.String[Gen.Char['a', 'z'], 1, 5].Array[1, 4].Select(labels => string.Join('.', labels)), Gen.OneOf("", ".", "a.", "b.c."), Gen.OneOf("", "x", "x.y"))
        .Holds(c =>
        {
            var exceptions = new ProxyExceptions([$".{c.Item1}"], isLoopbackDirect: false);
            var isBelow = c.Item3.Length == 0 || c.Item3.EndsWith('.');
            return exceptions.Contains(new Uri($"http://{c.Item2.TrimStart('.')}{c.Item1}/"))
                && exceptions.Contains(new Uri($"http://{c.Item3}{c.Item1}/")) == (isBelow || $"{c.Item3}{c.Item1}".EndsWith("." + c.Item1, StringComparison.Ordinal));
        });

    // Whatever form an address is written in: mapped to IPv6 it is the same host.
    [Test]
    public void Address_in_a_denied_network_is_denied_in_each_of_its_forms() => Gen.Select(Gen.Byte.Array[4], Gen.Int[0, 32]).Holds(c =>
    {
        var address = new IPAddress(c.Item1);
        var network = new IPNetwork(new IPAddress(Masked(c.Item1, c.Item2)), c.Item2);
        uint number = ((uint)c.Item1[0] << 24) | ((uint)c.Item1[1] << 16) | ((uint)c.Item1[2] << 8) | c.Item1[3];
        string[] hosts = [$"{address}", $"{number}", $"0x{number:x}", $"[{address.MapToIPv6()}]", $"{address}."];
        return hosts.All(host => IsDenied(host, network)) && IsEveryDenied([address, address.MapToIPv6()], network);
    });

    private static byte[] Masked(byte[] address, int bits) =>
        [.. address.Select((b, i) => (byte)(b & (0xff << Math.Clamp(8 - (bits - (8 * i)), 0, 8))))];

    private static bool IsDenied(string host, IPNetwork network) =>
        IsRefused(() => DeniedNetworks.CheckLiteral(new Uri($"http://{host}/"), [network]));

    private static bool IsEveryDenied(IPAddress[] addresses, IPNetwork network) =>
        IsRefused(() => DeniedNetworks.Permitted("host", addresses, [network]));

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
