namespace CurlSharp;

/// <summary>Whether an <c>ftp://</c> transfer asks for TLS (<c>CURLOPT_USE_SSL</c>; RFC 4217). An <c>ftps://</c> one always has it.</summary>
public enum CurlTls
{
    /// <summary>Never.</summary>
    Never = 0,

    /// <summary>Where the server has it; a certificate that is not accepted ends the transfer all the same.</summary>
    Try = 1,

    /// <summary>For commands and data, or not at all.</summary>
    Require = 3,
}
