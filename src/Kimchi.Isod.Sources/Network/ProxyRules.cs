using System.Net;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Which requests go through a proxy: that of the configuration, else that of the environment.</summary>
internal sealed class ProxyRules : IWebProxy
{
    private readonly ProxyServer? _http;
    private readonly ProxyServer? _https;
    private readonly ProxyServer? _ftp;
    private readonly ProxyExceptions _exceptions;

    private ProxyRules(ProxyServer? http, ProxyServer? https, ProxyServer? ftp, ProxyExceptions exceptions)
    {
        _http = http;
        _https = https;
        _ftp = ftp;
        _exceptions = exceptions;
        Credentials = new ProxyCredentials(http, https, ftp);
    }

    /// <summary>The user information of the proxies' addresses.</summary>
    public ICredentials? Credentials { get; set; }

    /// <summary>The rules of the configuration and the environment.</summary>
    public static ProxyRules Create(NetworkOptions options, Func<string, string?> environment)
    {
        var names = options.NoProxy.Count > 0
            ? options.NoProxy
            : (Variable("no_proxy") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (options.Proxy is { } address)
        {
            var proxy = ProxyServer.From(address);
            return new ProxyRules(proxy, proxy, proxy, new ProxyExceptions(names, isLoopbackDirect: false));
        }

        // As curl: upper-case HTTP_PROXY is not read, since in CGI a request's header sets it.
        var all = Variable("all_proxy");
        return new ProxyRules(
            ProxyServer.Parse(environment("http_proxy") ?? all),
            ProxyServer.Parse(Variable("https_proxy") ?? all),
            ProxyServer.Parse(Variable("ftp_proxy") ?? all),
            new ProxyExceptions(names, isLoopbackDirect: true));

        string? Variable(string name) => environment(name) ?? environment(name.ToUpperInvariant());
    }

    public Uri? GetProxy(Uri destination) => Find(destination)?.Address;

    /// <summary>The proxy for a request; null where it goes straight to the server.</summary>
    public ProxyServer? Find(Uri destination)
    {
        var proxy = destination.Scheme switch
        {
            "http" => _http,
            "https" => _https,
            _ => _ftp,
        };
        return proxy is null || _exceptions.Contains(destination) ? null : proxy;
    }

    public bool IsBypassed(Uri host) => GetProxy(host) is null;
}
