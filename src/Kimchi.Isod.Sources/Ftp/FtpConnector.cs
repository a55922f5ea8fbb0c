using System.Net;
using System.Net.Sockets;
using System.Text;
using CurlSharp;
using CurlSharp.Errors;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>Makes connections: straight or through a proxy, in plain text, with AUTH TLS, or in TLS from the first byte.</summary>
internal sealed class FtpConnector(NetworkOptions options, ClientCertificates certificates)
{
    // RFC 1635: the user is anonymous, and the password tells who it is.
    private static readonly Credentials Anonymous = new("anonymous", "kimchi-isod@");

    private readonly ProxyRules _proxies = ProxyRules.Create(options, Environment.GetEnvironmentVariable);
    private readonly Lazy<ReadOnlyMemory<byte>>? _authorities = options.CaFile is { } path ? CertificateAuthorities.LoadWithSystem(path) : null;

    /// <summary>Connects, logs in, and asks for the file.</summary>
    /// <exception cref="DownloadException">The address cannot be used.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired; nothing is left.</exception>
    public async Task<FtpConnection> ConnectAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var url = new FtpUrl(request.Url);
        var login = request.Credentials ?? request.Url.Credentials;
        var plan = await PlanAsync(url, login ?? Anonymous, request.SourceOffset, cancellationToken);
        var connection = await StartAsync(url, login, plan, request, cancellationToken);
        if (!url.IsImplicitTls || !await AnsweredInPlainTextAsync(connection)) return connection;
        await connection.DisposeAsync();
        return await StartAsync(url, login, plan with { Url = url.ForTransfer("ftp"), Tls = CurlTls.Require }, request, cancellationToken);
    }

    private async Task<CurlTransferOptions> PlanAsync(FtpUrl url, Credentials login, long offset, CancellationToken cancellationToken)
    {
        if (login.UserName.Any(char.IsControl) || login.Password.Any(char.IsControl))
            throw new DownloadException(DownloadErrorKind.FieldInvalid, "the user name or the password has a control character in it, which FTP cannot carry");
        DeniedNetworks.CheckLiteral(url.Url.Uri, options.DenyNetworks);
        var proxy = _proxies.Find(url.Url.Uri);
        return new CurlTransferOptions
        {
            Url = url.ForTransfer(url.Url.Uri.Scheme),
            UserName = login.UserName,
            Password = login.Password,
            Resolve = proxy is null ? await ResolveAsync(url, cancellationToken) : [],
            Tls = (CurlTls)options.FtpTls,
            VerifyCertificate = !options.InsecureTls,
            Authorities = _authorities?.Value,
            ClientCertificate = url.Url.IsEncrypted || options.FtpTls is not FtpTls.Never ? certificates.Find(url.Url.Uri)?.Path : null,
            ConnectTimeout = options.ConnectTimeout,
            ReplyTimeout = options.StallTimeout,
            Proxy = proxy is null ? "" : ForCurl(proxy.Address),
            ProxyUserName = proxy?.Credential?.UserName,
            ProxyPassword = proxy?.Credential?.Password,
            // REST 0 changes nothing, and tells whether the transfer could be continued later.
            CommandsBefore = [(byte[])[.. "*SIZE "u8, .. url.FileNameBytes], Encoding.ASCII.GetBytes(offset == 0 ? "*REST 0" : $"REST {offset}")],
        };
    }

    // Looked up here, so that it can be stopped at once, and so that the addresses that were checked are those that are used.
    private async Task<IReadOnlyList<string>> ResolveAsync(FtpUrl url, CancellationToken cancellationToken)
    {
        var host = url.Url.Uri.IdnHost;
        if (IPAddress.TryParse(host, out _)) return [];
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(options.ConnectTimeout, cancellationToken);
            return [url.ResolveTo(DeniedNetworks.Permitted(host, addresses, options.DenyNetworks))];
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            throw ConnectionFailures.Translate(e, url.Url, options);
        }
    }

    private async Task<FtpConnection> StartAsync(
        FtpUrl url, Credentials? login, CurlTransferOptions plan, RemoteRequest request, CancellationToken cancellationToken)
    {
        var transfer = Start(plan);
        try
        {
            await transfer.Opened.WaitAsync(cancellationToken);
            return new FtpConnection(url, login, transfer, request, options);
        }
        catch
        {
            await transfer.DisposeAsync();
            throw;
        }
    }

    private static FtpTransfer Start(CurlTransferOptions plan)
    {
        try
        {
            return FtpTransfer.Start(plan);
        }
        catch (Exception e) when (e is CurlNotInstalledException or CurlException)
        {
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, $"FTP cannot be used: {e.Message}", e);
        }
    }

    // The words of OpenSSL for "220 Welcome" where a TLS record should be. A server that forges them gets no more than a second
    // connection, which demands TLS.
    private static async Task<bool> AnsweredInPlainTextAsync(FtpConnection connection) =>
        !connection.IsSending
        && await connection.Transfer.Ended is { Code: CurlCode.SslConnectError } end
        && end.Text.Contains("wrong version number", StringComparison.Ordinal);

    // With socks5 the proxy looks the name up, as for HTTP; curl calls that socks5h.
    private static string ForCurl(Uri proxy) => proxy.Scheme == "socks5" ? $"socks5h://{proxy.Authority}" : $"{proxy.Scheme}://{proxy.Authority}";
}
