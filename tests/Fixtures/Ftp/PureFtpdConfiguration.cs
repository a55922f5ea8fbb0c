namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>Pure-FTPd. It has no implicit TLS.</summary>
internal static class PureFtpdConfiguration
{
    // -Y 3: TLS for commands and data, or nothing. -H: names of clients are not looked up.
    public static string[] Write(FtpServerSetup setup) =>
        ["-S", $"127.0.0.1,{setup.Port}", "-l", "unix", "-u", "1", "-H", "-g", setup.Files["pid"], "-Y", setup.HasTls ? "3" : "0", "-2", setup.Certificate];
}
