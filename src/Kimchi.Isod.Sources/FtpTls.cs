namespace Kimchi.Isod.Sources;

/// <summary>Whether <c>ftp://</c> downloads ask the server for TLS (AUTH TLS, RFC 4217). <c>ftps://</c> ones always have it.</summary>
public enum FtpTls
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Where the server has it. Its certificate must then be good; a server without it is read in plain text.</summary>
    Try,

    /// <summary>For commands and data, or the download fails.</summary>
    Require,
}
