using System.Net.Sockets;

namespace Kimchi.Isod.Fixtures;

/// <summary>
/// A libvirtd of the test's own: its directories are bound over the system's in a mount namespace, its sockets are its own, and
/// it loads the storage driver only. Several run side by side, and none touches the host's.
/// </summary>
public sealed class PrivateLibvirtd : IDisposable
{
    private const int SigStop = 19;
    private const int SigContinue = 18;
    private static readonly string[] SystemDirectories =
        ["/etc/libvirt", "/run/libvirt", "/var/lib/libvirt", "/var/cache/libvirt"];

    private const string StorageDriver = "libvirt_driver_storage.so";

    private readonly TemporaryDirectory _directory = new("libvirtd");
    private readonly string? _tools;
    private readonly LibvirtListener? _listener;
    private ChildProcess? _process;

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <param name="tools">A directory that is laid over its /usr/sbin; null for none.</param>
    /// <param name="listener">Where it listens besides its socket; null for nowhere.</param>
    public PrivateLibvirtd(string? tools = null, LibvirtListener? listener = null)
    {
        _tools = tools;
        _listener = listener;
        System.IO.Directory.CreateDirectory(Path.Combine(_directory.Make("etc"), "storage"));
        File.WriteAllText(_directory["etc/libvirtd.conf"], $"""
            unix_sock_dir = "{_directory.Make("sock")}"
            auth_unix_rw = "none"
            auth_unix_ro = "none"
            log_filters = "1:util.error"
            log_outputs = "1:file:{_directory["libvirtd.log"]}"
            {listener?.Configuration}
            """);
        var driver = DriverDirectories().Select(d => Path.Combine(d, StorageDriver)).First(File.Exists);
        File.CreateSymbolicLink(Path.Combine(_directory.Make("drivers"), StorageDriver), driver);
        Start();
    }

    /// <summary>The URI by which to connect to it.</summary>
    public string Uri => $"storage+unix:///system?socket={Socket}";

    /// <summary>Where all that it has lies.</summary>
    public string Directory => _directory.Path;

    /// <summary>The id of its process: unshare and the shell were replaced by it, so there is no other.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("libvirtd is not running");

    /// <summary>What it logged: warnings and errors, with those that it told a client only.</summary>
    public string Log => File.Exists(_directory["libvirtd.log"]) ? File.ReadAllText(_directory["libvirtd.log"]) : "";

    private string Socket => _directory["sock/libvirt-sock"];

    /// <summary>A new directory for a pool, visible to the test and to libvirtd.</summary>
    public string NewPoolDirectory() => _directory.Make($"pool-{Guid.NewGuid():N}"[..13]);

    /// <summary>Starts it again after <see cref="Kill"/>, on the same directories.</summary>
    public void Start()
    {
        var binds = SystemDirectories.Select(target =>
            $"mkdir -p {target} && mount --bind {_directory.Make(BindName(target))} {target}");
        if (_tools is not null) binds = binds.Append($"mount -t overlay overlay -o lowerdir={_tools}:/usr/sbin /usr/sbin");
        var command = $"{string.Join(" && ", binds)} && exec libvirtd --config {_directory["etc/libvirtd.conf"]} " +
            $"--pid-file {_directory["libvirtd.pid"]}{(_listener is null ? "" : " --listen")}";
        File.Delete(Socket);
        _process = ChildProcess.Start(
            "unshare", ["--mount", "--propagation", "slave", "sh", "-c", command],
            new Dictionary<string, string?> { ["LIBVIRT_DRIVER_DIR"] = _directory["drivers"] });
        Patience.Until(Answers, () => $"libvirtd does not answer: {_process.Output} {Log}");
    }

    /// <summary>Kills it without warning, with SIGKILL, and waits until it is gone.</summary>
    public void Kill()
    {
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Makes it silent, as a hung daemon is: SIGSTOP.</summary>
    public void Stop() => _process?.Signal(SigStop);

    /// <summary>Lets it go on: SIGCONT.</summary>
    public void Continue() => _process?.Signal(SigContinue);

    /// <summary>Runs virsh on it.</summary>
    /// <returns>What virsh printed.</returns>
    public string Virsh(params string[] arguments) => ChildProcess.Run("virsh", ["-q", "-c", Uri, .. arguments]);

    /// <summary>Runs virsh on it, where it may fail.</summary>
    /// <returns>Its exit code, and what it printed.</returns>
    public (int Code, string Output) TryVirsh(params string[] arguments) => ChildProcess.TryRun("virsh", ["-q", "-c", Uri, .. arguments]);

    /// <summary>Ends it and deletes all it had.</summary>
    public void Dispose()
    {
        Kill();
        _directory.Dispose();
    }

    private static IEnumerable<string> DriverDirectories() =>
        System.IO.Directory.GetDirectories("/usr/lib").Append("/usr/lib64")
            .Select(d => Path.Combine(d, "libvirt", "connection-driver"));

    private static string BindName(string target) => target == "/etc/libvirt" ? "etc" : target.Trim('/').Replace('/', '-');

    private bool Answers()
    {
        if (_process is { HasExited: true }) throw new InvalidOperationException($"libvirtd ended: {_process.Output} {Log}");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
