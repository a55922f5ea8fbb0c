namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>The accounts that an FTP server sees: files that are bound over the system's in a mount namespace of its own.</summary>
internal static class FtpAccounts
{
    /// <summary>The service for which PAM compares passwords with these accounts'.</summary>
    public const string PamService = "isod";

    private static readonly string[] Bound = ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/pam.d"];

    /// <summary>Writes them: one user with a password, one for those without a name, both at home in <paramref name="home"/>.</summary>
    public static void Write(TemporaryDirectory files, string home)
    {
        File.WriteAllText(files["passwd"], $"""
            root:x:0:0:root:/root:/bin/sh
            nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
            ftp:x:6001:6001::{home}:/bin/sh
            {FtpServer.User}:x:6002:6002::{home}:/bin/sh

            """);
        File.WriteAllText(files["group"], $"root:x:0:\nnogroup:x:65534:\nftp:x:6001:\n{FtpServer.User}:x:6002:\n");
        var hash = ChildProcess.Run("openssl", "passwd", "-6", FtpServer.Password).Trim();
        File.WriteAllText(files["shadow"], $"{FtpServer.User}:{hash}:19000:0:99999:7:::\nftp:*:19000:0:99999:7:::\n");
        files.Make("pam.d");
        File.WriteAllText(files[$"pam.d/{PamService}"], """
            auth required pam_unix.so
            account required pam_unix.so
            session required pam_permit.so

            """);
    }

    /// <summary>The shell commands that put them into place.</summary>
    public static string Binds(TemporaryDirectory files) =>
        string.Join(" && ", Bound.Select(target => $"mount --bind {files[Path.GetFileName(target)]} {target}"));
}
