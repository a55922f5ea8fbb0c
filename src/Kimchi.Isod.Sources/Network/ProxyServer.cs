using System.Net;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Network;

/// <summary>A proxy, its user information kept apart from its address, which gets into messages.</summary>
internal sealed record ProxyServer(Uri Address, NetworkCredential? Credential)
{
    // IANA: socks, 1080/tcp. System.Uri knows only the ports of http and https.
    private const int SocksPort = 1080;

    /// <summary>Reads an address as curl does: one without a scheme is that of an HTTP proxy. Null for nothing usable.</summary>
    public static ProxyServer? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var full = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return ProxyAddress.Parse(full) is { } address ? From(address) : null;
    }

    public static ProxyServer From(Uri address)
    {
        // curl's name for SOCKS 5 where the proxy resolves names, which is what SocketsHttpHandler does with socks5.
        var scheme = address.Scheme == "socks5h" ? "socks5" : address.Scheme;
        return new ProxyServer(new UriBuilder(scheme, address.IdnHost, address.Port > 0 ? address.Port : SocksPort).Uri, ReadCredential(address.UserInfo));
    }

    private static NetworkCredential? ReadCredential(string userInfo) =>
        Credentials.FromUserInfo(userInfo) is { } user ? new NetworkCredential(user.UserName, user.Password) : null;
}

/// <summary>The user information of the proxies' addresses.</summary>
internal sealed class ProxyCredentials(params IReadOnlyList<ProxyServer?> proxies) : ICredentials
{
    public NetworkCredential? GetCredential(Uri uri, string authType) =>
        proxies.FirstOrDefault(p => p is not null && p.Address.Port == uri.Port && p.Address.IdnHost == uri.IdnHost)?.Credential;
}
