namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>ProFTPD with mod_tls, which demands the reuse of the session, too.</summary>
internal static class ProftpdConfiguration
{
    public static string[] Write(FtpServerSetup setup)
    {
        File.WriteAllText(setup.Files["proftpd.conf"], $"""
            ServerType standalone
            DefaultAddress 127.0.0.1
            Port {setup.Port}
            User nobody
            Group nogroup
            UseIPv6 off
            UseReverseDNS off
            ModulePath {Path.Combine(setup.Libraries, "proftpd")}
            AuthOrder mod_auth_unix.c
            AllowRetrieveRestart on
            DelayEngine off
            WtmpLog off
            PidFile {setup.Files["pid"]}
            ScoreboardFile {setup.Files["scoreboard"]}
            SystemLog {setup.Files["proftpd.log"]}
            TransferLog NONE
            <Anonymous {setup.Root}>
              User ftp
              Group ftp
              UserAlias anonymous ftp
            </Anonymous>
            {(setup.HasTls ? Tls(setup) : "")}

            """);
        return ["--nodaemon", "--config", setup.Files["proftpd.conf"]];
    }

    private static string Tls(FtpServerSetup setup) => $"""
        LoadModule mod_tls.c
        TLSEngine on
        TLSRequired on
        TLSVerifyClient off
        TLSECCertificateFile {setup.Certificate}
        TLSECCertificateKeyFile {setup.Certificate}
        TLSLog {setup.Files["tls.log"]}
        {(setup.Tls is FtpServerTls.Implicit ? "TLSOptions UseImplicitSSL" : "")}
        """;
}
