namespace CurlSharp.Interop;

/// <summary>Options of a transfer (<c>CURLoption</c>). The number tells the type: 0 long, 10000 pointer, 20000 function, 40000
/// blob.</summary>
internal enum CurlOption
{
    NoSignal = 99,
    Verbose = 41,
    NetRc = 51,
    HttpProxyTunnel = 61,
    SslVerifyPeer = 64,
    FileTime = 69,
    SslVerifyHost = 81,
    BufferSize = 98,
    ServerResponseTimeout = 112,
    UseSsl = 119,
    IgnoreContentLength = 136,
    FtpSkipPasvIp = 137,
    ConnectTimeoutMilliseconds = 156,
    Protocols = 181,
    TcpKeepAlive = 213,
    TcpKeepIdle = 214,

    WriteData = 10_001,
    Url = 10_002,
    Proxy = 10_004,
    ErrorBuffer = 10_010,
    SslCertificate = 10_025,
    SslKey = 10_087,
    PreQuote = 10_093,
    DebugData = 10_095,
    OpenSocketData = 10_164,
    UserName = 10_173,
    Password = 10_174,
    ProxyUserName = 10_175,
    ProxyPassword = 10_176,
    NoProxy = 10_177,
    Resolve = 10_203,
    CloseSocketData = 10_209,

    WriteFunction = 20_011,
    DebugFunction = 20_094,
    OpenSocketFunction = 20_163,
    CloseSocketFunction = 20_208,

    CaInfoBlob = 40_309,
}

/// <summary>What can be asked of a transfer (<c>CURLINFO</c>).</summary>
internal enum CurlInfo
{
    /// <summary>The TLS library's verdict on the certificate, a long; with OpenSSL an <c>X509_V_ERR_…</c>.</summary>
    SslVerifyResult = 0x200_000 + 13,

    /// <summary>The errno of a connection that failed, a long.</summary>
    SystemError = 0x200_000 + 25,
}

/// <summary>What a debug callback is told of (<c>curl_infotype</c>).</summary>
internal enum CurlDebugKind
{
    /// <summary>A line that the server sent.</summary>
    HeaderIn = 1,

    /// <summary>A line that was sent to it, passwords included.</summary>
    HeaderOut = 2,
}
