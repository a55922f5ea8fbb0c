using System.Security.Cryptography.X509Certificates;

namespace Kimchi.Isod.Fixtures.Ftp;

/// <summary>
/// A real FTP server of the test's own on a free port of the loopback interface. It sees accounts of its own: <see cref="User"/>,
/// and whoever is anonymous; both are at home in <see cref="Root"/>.
/// </summary>
/// <remarks>The distribution lets only one FTP server be installed, so that they run from a directory that tests/run.sh unpacks them to.</remarks>
public sealed class FtpServer : IDisposable
{
    /// <summary>Who may log in.</summary>
    public const string User = "isod";

    /// <summary>With which password.</summary>
    public const string Password = "open-sesame";

    /// <summary>The servers there are.</summary>
    public const string Vsftpd = "vsftpd", PureFtpd = "pure-ftpd", Proftpd = "proftpd";

    private static readonly string Unpacked = Environment.GetEnvironmentVariable("KIMCHI_ISOD_FTP_SERVERS")
        ?? Path.Combine(Repository.Root, "artifacts", "ftp-servers");

    private readonly TemporaryDirectory _files = new("ftp");
    private readonly string _program;
    private readonly FtpServerTls _tls;
    private readonly string? _clientAuthority;
    private ChildProcess? _process;

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <param name="program">Which one.</param>
    /// <param name="authority">Makes its certificate.</param>
    /// <param name="tls">Whether it speaks TLS; where it does, it takes nothing else.</param>
    /// <param name="clientAuthority">A file with the authority whose certificates clients must show; null where they need none.</param>
    public FtpServer(string program, TestAuthority authority, FtpServerTls tls, string? clientAuthority = null)
    {
        (_program, _tls, _clientAuthority) = (program, tls, clientAuthority);
        Port = LoopbackPorts.FindFree();
        // Sessions run as their user, who must be able to come in here.
        File.SetUnixFileMode(_files.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        Root = _files.Make("home");
        using var certificate = authority.Issue();
        File.WriteAllText(_files["server.pem"], $"{certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n");
        FtpAccounts.Write(_files, Root);
        Start();
    }

    /// <summary>The directory that it serves.</summary>
    public string Root { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The URL of a path, for anybody.</summary>
    public string Url(string path) => $"{Scheme}://localhost:{Port}/{path}";

    /// <summary>The URL of a path with a login.</summary>
    public string Url(string path, string password) => $"{Scheme}://{User}:{password}@localhost:{Port}/{path}";

    /// <summary>Puts a file of pseudo-random bytes into its directory.</summary>
    /// <returns>The file's path.</returns>
    public string AddFile(string name, long size)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        TestFiles.WriteRandom(path, size, seed: (int)size);
        return path;
    }

    /// <summary>Starts it, also again after <see cref="Stop"/>, on the same port.</summary>
    public void Start()
    {
        var libraries = Directory.GetDirectories(Path.Combine(Unpacked, "usr", "lib"), "*-linux-gnu");
        // The shell stays: it is the first process of its namespace and reaps the others, which vsftpd would stumble over.
        var script = $"""{FtpAccounts.Binds(_files)} && LD_LIBRARY_PATH={string.Join(':', libraries)} "$@"; exit $?""";
        _process = ChildProcess.Start(
            "unshare",
            ["--mount", "--propagation", "slave", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh",
                Path.Combine(Unpacked, "usr", "sbin", _program), .. Configure()]);
        Patience.Until(
            () => !_process.HasExited ? LoopbackPorts.Answers(Port) : throw new InvalidOperationException($"{_program} ended: {_process.Output}"),
            () => $"{_program} does not answer: {_process.Output}");
    }

    /// <summary>Kills it with all its sessions.</summary>
    public void Stop()
    {
        _process?.Dispose();
        Patience.Until(() => !LoopbackPorts.Answers(Port), () => "the killed FTP server goes on answering");
    }

    /// <summary>Ends it and deletes all it had.</summary>
    public void Dispose()
    {
        Stop();
        _files.Dispose();
    }

    private string Scheme => _tls is FtpServerTls.Implicit ? "ftps" : "ftp";

    // Writes its configuration, and gives its arguments.
    private string[] Configure()
    {
        var setup = new FtpServerSetup(_files, Root, Port, _tls, Path.Combine(Unpacked, "usr", "lib")) { ClientAuthority = _clientAuthority };
        return _program switch
        {
            Vsftpd => VsftpdConfiguration.Write(setup),
            PureFtpd => PureFtpdConfiguration.Write(setup),
            Proftpd => ProftpdConfiguration.Write(setup),
            _ => throw new ArgumentOutOfRangeException(nameof(setup), _program, "there is no such server"),
        };
    }
}
