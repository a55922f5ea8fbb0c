namespace CurlSharp.Errors;

/// <summary>How a transfer ended (<c>CURLcode</c>), as far as FTP goes; other values may occur.</summary>
/// <remarks>https://curl.se/libcurl/c/libcurl-errors.html</remarks>
public enum CurlCode
{
    /// <summary>All of the file came, and the server said so.</summary>
    Ok = 0,

    /// <summary>libcurl was built without the protocol, or it is not one of <c>ftp</c> and <c>ftps</c>.</summary>
    UnsupportedProtocol = 1,

    /// <summary>The URL cannot be used.</summary>
    UrlMalformed = 3,

    /// <summary>The proxy's name is not found.</summary>
    CouldNotResolveProxy = 5,

    /// <summary>The host's name is not found.</summary>
    CouldNotResolveHost = 6,

    /// <summary>No connection.</summary>
    CouldNotConnect = 7,

    /// <summary>What the server says is not FTP.</summary>
    WeirdServerReply = 8,

    /// <summary>The server refused the connection or a directory.</summary>
    RemoteAccessDenied = 9,

    /// <summary>Neither EPSV nor PASV had a usable answer.</summary>
    FtpWeirdPasvReply = 13,

    /// <summary>The server refused binary mode.</summary>
    FtpCouldNotSetType = 17,

    /// <summary>Fewer bytes than promised, or the server did not say that the transfer is complete.</summary>
    PartialFile = 18,

    /// <summary>The server refused <c>RETR</c>, or sent nothing.</summary>
    FtpCouldNotRetrieveFile = 19,

    /// <summary>The server refused one of <see cref="CurlTransferOptions.CommandsBefore"/>.</summary>
    QuoteError = 21,

    /// <summary>A callback of ours did not take the data.</summary>
    WriteError = 23,

    /// <summary>No memory.</summary>
    OutOfMemory = 27,

    /// <summary>No connection, or no reply, in time.</summary>
    OperationTimedOut = 28,

    /// <summary>TLS failed before a certificate was seen.</summary>
    SslConnectError = 35,

    /// <summary><see cref="CurlTransfer.Abort"/> ended it.</summary>
    AbortedByCallback = 42,

    /// <summary>libcurl is too old for an option.</summary>
    UnknownOption = 48,

    /// <summary>The server closed the connection without a word.</summary>
    GotNothing = 52,

    /// <summary>Sending failed.</summary>
    SendError = 55,

    /// <summary>Receiving failed.</summary>
    ReceiveError = 56,

    /// <summary>The certificate is not accepted.</summary>
    PeerFailedVerification = 60,

    /// <summary>TLS was demanded, and the server has none.</summary>
    UseSslFailed = 64,

    /// <summary>The server refused the user name or the password.</summary>
    LoginDenied = 67,

    /// <summary>The given authorities cannot be used.</summary>
    SslCaCertBadFile = 77,

    /// <summary>There is no such file.</summary>
    RemoteFileNotFound = 78,

    /// <summary>The proxy refused, or what it says is not its protocol.</summary>
    Proxy = 97,
}
