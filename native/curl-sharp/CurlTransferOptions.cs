namespace CurlSharp;

/// <summary>What to transfer, and how.</summary>
public sealed record CurlTransferOptions
{
    /// <summary>An <c>ftp://</c> or <c>ftps://</c> URL, percent-encoded. Other protocols are refused.</summary>
    public required string Url { get; init; }

    /// <summary>The user's name; null for <c>anonymous</c>.</summary>
    public string? UserName { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>Where hosts are, as <c>host:port:address,address</c> with IPv6 addresses in brackets (<c>CURLOPT_RESOLVE</c>). A host
    /// that is not here is looked up by libcurl.</summary>
    public IReadOnlyList<string> Resolve { get; init; } = [];

    /// <summary>Whether <c>ftp://</c> asks for TLS. Default <see cref="CurlTls.Try"/>.</summary>
    public CurlTls Tls { get; init; } = CurlTls.Try;

    /// <summary>Whether certificates and the names in them are checked. Default true.</summary>
    public bool VerifyCertificate { get; init; } = true;

    /// <summary>Certificates of the authorities to trust, in PEM; null for libcurl's own. Default null. libcurl 7.77 or newer.</summary>
    public ReadOnlyMemory<byte>? Authorities { get; init; }

    /// <summary>A PEM file with the certificate to show to the server where it asks for one, those that have issued it, and its key; null for none.
    /// Default null.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>How long the connection may take to stand, TLS and login included. Default 30 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reply may take, to the second. Default 60 s.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The proxy (http, https, socks4, socks4a, socks5, socks5h), through which an HTTP proxy makes a tunnel; empty for
    /// none, whatever the environment says. Default empty.</summary>
    public string Proxy { get; init; } = "";

    /// <summary>The user's name at the proxy.</summary>
    public string? ProxyUserName { get; init; }

    /// <summary>The user's password at the proxy.</summary>
    public string? ProxyPassword { get; init; }

    /// <summary>
    /// Commands sent in the file's directory, in binary mode, right before <c>RETR</c> (<c>CURLOPT_PREQUOTE</c>): <c>SIZE</c>, <c>REST</c>
    /// and the like. One with <c>*</c> before it may fail. Bytes, since names of files need not be UTF-8. Default none.
    /// </summary>
    public IReadOnlyList<byte[]> CommandsBefore { get; init; } = [];

    /// <summary>How much is read from the network at once, in bytes, up to 512 KiB. Default 256 KiB.</summary>
    public int BufferSize { get; init; } = 256 * 1024;
}
