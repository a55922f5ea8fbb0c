namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>What an FTP server is configured from.</summary>
/// <param name="Files">A directory for its files; <c>server.pem</c> in it has its key and its certificate.</param>
/// <param name="Root">The directory that it serves.</param>
/// <param name="Port">Its port.</param>
/// <param name="Tls">Whether it speaks TLS.</param>
/// <param name="Libraries">The directory of its modules.</param>
internal sealed record FtpServerSetup(TemporaryDirectory Files, string Root, int Port, FtpServerTls Tls, string Libraries)
{
    /// <summary>The authority whose certificates clients must show, in PEM; null where they need none. vsftpd only.</summary>
    public string? ClientAuthority { get; init; }

    public string Certificate => Files["server.pem"];

    public bool HasTls => Tls is not FtpServerTls.None;
}

/// <summary>Whether a server speaks TLS.</summary>
public enum FtpServerTls
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>After AUTH TLS, without which nobody is let in.</summary>
    Explicit,

    /// <summary>From the first byte.</summary>
    Implicit,
}
