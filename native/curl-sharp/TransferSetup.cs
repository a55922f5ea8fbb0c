using CurlSharp.Handles;
using CurlSharp.Interop;

namespace CurlSharp;

/// <summary>Turns <see cref="CurlTransferOptions"/> into libcurl's.</summary>
internal static class TransferSetup
{
    // CURLPROTO_FTP and CURLPROTO_FTPS
    private const int FtpAndFtps = 4 | 8;
    private const int KeepAliveIdleSeconds = 60;

    internal static void Apply(CurlTransferOptions options, EasyHandle easy)
    {
        ApplyRequest(options, easy);
        ApplyConnection(options, easy);
        ApplyTls(options, easy);
        ApplyProxy(options, easy);
    }

    private static void ApplyRequest(CurlTransferOptions options, EasyHandle easy)
    {
        easy.Set(CurlOption.Protocols, FtpAndFtps);
        easy.Set(CurlOption.Url, options.Url);
        easy.Set(CurlOption.UserName, options.UserName);
        easy.Set(CurlOption.Password, options.Password);
        easy.Set(CurlOption.NetRc, value: false);
        easy.Set(CurlOption.PreQuote, options.CommandsBefore);
        // libcurl asks for no size: where it knows one and fewer bytes come, it does not read the server's reason. With none it
        // reads to the end of the data, and then always the reply (seen in 7.77 to 8.18: ftp_done, ftp_state_quote).
        easy.Set(CurlOption.IgnoreContentLength, value: true);
        // Asks for the file's time (MDTM); the reply goes to the receiver, as all do.
        easy.Set(CurlOption.FileTime, value: true);
        // The debug callback is called only when it is on. Nothing is printed.
        easy.Set(CurlOption.Verbose, value: true);
    }

    private static void ApplyConnection(CurlTransferOptions options, EasyHandle easy)
    {
        easy.Set(CurlOption.NoSignal, value: true);
        easy.Set(CurlOption.Resolve, options.Resolve);
        easy.Set(CurlOption.BufferSize, options.BufferSize);
        easy.Set(CurlOption.ConnectTimeoutMilliseconds, (nint)options.ConnectTimeout.TotalMilliseconds);
        easy.Set(CurlOption.ServerResponseTimeout, (nint)Math.Max(1, Math.Ceiling(options.ReplyTimeout.TotalSeconds)));
        // The control connection is silent for as long as the data flow; address translators forget such connections.
        easy.Set(CurlOption.TcpKeepAlive, value: true);
        easy.Set(CurlOption.TcpKeepIdle, KeepAliveIdleSeconds);
        // The data come from the host that the commands go to, whatever its reply to PASV says.
        easy.Set(CurlOption.FtpSkipPasvIp, value: true);
    }

    private static void ApplyTls(CurlTransferOptions options, EasyHandle easy)
    {
        easy.Set(CurlOption.UseSsl, (nint)options.Tls);
        easy.Set(CurlOption.SslVerifyPeer, options.VerifyCertificate);
        easy.Set(CurlOption.SslVerifyHost, options.VerifyCertificate ? 2 : 0);
        if (options.Authorities is { } authorities)
            easy.Set(CurlOption.CaInfoBlob, authorities.Span);
        easy.Set(CurlOption.SslCertificate, options.ClientCertificate);
        easy.Set(CurlOption.SslKey, options.ClientCertificate);
    }

    private static void ApplyProxy(CurlTransferOptions options, EasyHandle easy)
    {
        // Set in any case, for otherwise libcurl would read the environment.
        easy.Set(CurlOption.Proxy, options.Proxy);
        easy.Set(CurlOption.NoProxy, "");
        easy.Set(CurlOption.ProxyUserName, options.ProxyUserName);
        easy.Set(CurlOption.ProxyPassword, options.ProxyPassword);
        easy.Set(CurlOption.HttpProxyTunnel, value: true);
    }
}
