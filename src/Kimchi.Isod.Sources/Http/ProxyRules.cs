using System.Net;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which requests go through a proxy: that of the configuration, else that of the environment.</summary>
internal sealed class ProxyRules : IWebProxy
{
    private readonly IWebProxy _proxy;
    private readonly IReadOnlyList<string> _exceptions;

    private ProxyRules(IWebProxy proxy, IReadOnlyList<string> exceptions)
    {
        _proxy = proxy;
        _exceptions = exceptions;
    }

    /// <summary>What the proxy wants to know of us.</summary>
    public ICredentials? Credentials
    {
        get => _proxy.Credentials;
        set => _proxy.Credentials = value;
    }

    /// <summary>The rules of the configuration.</summary>
    public static ProxyRules Create(NetworkOptions options)
    {
        if (options.Proxy is not { } address) return new ProxyRules(HttpClient.DefaultProxy, options.NoProxy);
        var proxy = new WebProxy(address);
        if (address.UserInfo.Length > 0)
        {
            var parts = address.UserInfo.Split(':', 2);
            proxy.Credentials = new NetworkCredential(
                Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
        }

        return new ProxyRules(proxy, options.NoProxy);
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : _proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => _exceptions.Any(e => Matches(e, host)) || _proxy.IsBypassed(host);

    // As curl reads no_proxy: a name stands for itself and all names below it, and a network for its addresses.
    private static bool Matches(string exception, Uri uri)
    {
        if (exception == "*") return true;
        if (IPAddress.TryParse(uri.IdnHost, out var address))
            return (IPNetwork.TryParse(exception, out var network) && network.Contains(address))
                || (IPAddress.TryParse(exception, out var single) && single.Equals(address));
        var name = exception.TrimStart('.');
        return uri.IdnHost.Equals(name, StringComparison.OrdinalIgnoreCase)
            || uri.IdnHost.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }
}
