using System.Net;

namespace Kimchi.Isod.Sources;

/// <summary>How servers are reached: the section <c>network</c> of the configuration, and the timeouts of <c>downloads</c>.</summary>
public sealed record NetworkOptions
{
    /// <summary>How long a connection may take to stand, DNS and TLS included. Default 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server may be silent. Default 60 s.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes per second that a server must send on average over <see cref="StallTimeout"/>, so that a trickle which
    /// is slow but alive is kept; 0 asks only for not being silent. Default 1.</summary>
    public long StallRate { get; init; } = 1;

    /// <summary>The proxy (http, https, socks4, socks4a, socks5), with its credentials if it wants some; null for the
    /// environment's http_proxy, https_proxy, ftp_proxy and all_proxy. FTP passes an HTTP proxy through a tunnel (CONNECT). Default null.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Hosts, domains (with all below them) and networks that are reached without a proxy, <c>*</c> for all; none for
    /// the environment's no_proxy. Default none.</summary>
    public IReadOnlyList<string> NoProxy { get; init; } = [];

    /// <summary>A file with the passwords of servers, in the form of netrc(5), for downloads that bring none of their own. Default
    /// none.</summary>
    public string? Netrc { get; init; }

    /// <summary>A PEM file of certificate authorities that are trusted besides the system's. Default none.</summary>
    public string? CaFile { get; init; }

    /// <summary>A folder of client certificates for hosts: HOST.pem, with the certificate, those that have issued it, and its key. Default none.</summary>
    public string? ClientCertificates { get; init; }

    /// <summary>Whether certificates are not checked at all. Default false.</summary>
    public bool InsecureTls { get; init; }

    /// <summary>Whether <c>ftp://</c> downloads ask the server for TLS. Default <see cref="FtpTls.Try"/>.</summary>
    public FtpTls FtpTls { get; init; } = FtpTls.Try;

    /// <summary>Whether a redirect may lead from https to http. Default false.</summary>
    public bool AllowDowngrade { get; init; }

    /// <summary>Networks that no download may connect to. Default none.</summary>
    public IReadOnlyList<IPNetwork> DenyNetworks { get; init; } = [];

    /// <summary>How many redirects are followed, 0 to 100. Default 10.</summary>
    public int MaxRedirects { get; init; } = 10;

    /// <summary>Who we say we are to http and https servers: 1 to 200 printable characters of ASCII. Default <c>kimchi-isod/</c> and the version.</summary>
    public string UserAgent { get; init; } = $"kimchi-isod/{typeof(NetworkOptions).Assembly.GetName().Version!.ToString(3)}";
}
