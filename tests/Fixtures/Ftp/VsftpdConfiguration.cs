namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>vsftpd: with TLS it demands, by default, that the data connection goes on with the control connection's session.</summary>
internal static class VsftpdConfiguration
{
    public static string[] Write(FtpServerSetup setup)
    {
        File.WriteAllText(setup.Files["vsftpd.conf"], $"""
            listen=YES
            listen_ipv6=NO
            listen_address=127.0.0.1
            listen_port={setup.Port}
            background=NO
            anonymous_enable=YES
            local_enable=YES
            write_enable=NO
            pam_service_name={FtpAccounts.PamService}
            secure_chroot_dir={setup.Files.Make("empty")}
            ssl_enable={YesNo(setup.HasTls)}
            implicit_ssl={YesNo(setup.Tls is FtpServerTls.Implicit)}
            allow_anon_ssl=YES
            force_anon_logins_ssl=YES
            force_anon_data_ssl=YES
            force_local_logins_ssl=YES
            force_local_data_ssl=YES
            require_ssl_reuse=YES
            ssl_ciphers=HIGH
            rsa_cert_file={setup.Certificate}
            {(setup.ClientAuthority is { } file ? $"require_cert=YES\nvalidate_cert=YES\nca_certs_file={file}" : "")}

            """);
        return [setup.Files["vsftpd.conf"]];
    }

    private static string YesNo(bool value) => value ? "YES" : "NO";
}
