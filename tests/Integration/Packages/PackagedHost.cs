using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Integration.Tests.Packages;

/// <summary>
/// A Debian with the package installed, and with D-Bus, polkit and libvirtd running in it as Debian configures them. The daemon runs in
/// it as its own user, with the package's own paths.
/// </summary>
internal sealed class PackagedHost : IDisposable
{
    private const string StorageDriver = "libvirt_driver_storage.so";

    private readonly DebianRoot _root = new();
    private readonly List<ChildProcess> _processes = [];
    private ChildProcess? _daemon;

    /// <summary>Installs the package.</summary>
    public PackagedHost()
    {
        _root.Run("dpkg", "--install", BuiltPackages.Deb);
        File.WriteAllText(_root["/etc/kimchi-isod/conf.d/test.conf"], "[downloads]\nmin_free = 0\n");
        // What systemd makes of StateDirectory=.
        _root.Run("install", "-d", "-m", "700", "-o", "kimchi-isod", "/var/lib/kimchi-isod");
        Client = new IsodClient(_root["/run/kimchi-isod/kimchi-isod.sock"]);
    }

    /// <summary>The daemon's user.</summary>
    public static string User => "kimchi-isod";

    /// <summary>A client of the daemon.</summary>
    public IsodClient Client { get; }

    /// <summary>What the daemon has printed.</summary>
    public string Log => _daemon?.Output ?? "";

    /// <summary>The directory of its pool ISO, in this machine's tree.</summary>
    public string Pool => _root["/var/lib/kimchi/isos"];

    /// <summary>Where something of it is in this machine's tree, such as /etc/libvirt/libvirtd.conf.</summary>
    public string this[string path] => _root[path];

    /// <summary>Starts D-Bus and polkit.</summary>
    public void StartPolkit()
    {
        Directory.CreateDirectory(_root["/run/dbus"]);
        Start("dbus-daemon", "--system", "--nofork", "--nopidfile");
        WaitForFile("/run/dbus/system_bus_socket");
        var polkit = Start("/usr/lib/polkit-1/polkitd");
        Patience.Until(() => polkit.Output.Contains("Acquired the name", StringComparison.Ordinal), () => $"polkitd: {polkit.Output}");
    }

    /// <summary>Starts libvirtd, with these lines added to its configuration.</summary>
    public void StartLibvirtd(params string[] configuration)
    {
        File.AppendAllLines(_root["/etc/libvirt/libvirtd.conf"], configuration);
        var drivers = Directory.CreateDirectory(_root["/run/drivers"]).FullName;
        var installed = Directory.GetFiles(_root["/usr/lib"], StorageDriver, SearchOption.AllDirectories).Single();
        File.CreateSymbolicLink(Path.Combine(drivers, StorageDriver), installed[_root.Path.Length..]);
        var libvirtd = Start("env", "LIBVIRT_DRIVER_DIR=/run/drivers", "libvirtd");
        Patience.Until(
            () => libvirtd.HasExited ? throw new InvalidOperationException(libvirtd.Output) : File.Exists(_root["/run/libvirt/libvirt-sock"]),
            () => $"libvirtd: {libvirtd.Output}");
    }

    /// <summary>Starts the daemon as its own user, and waits until it answers.</summary>
    /// <param name="groups">The groups that it is in beside its own.</param>
    public async Task StartDaemonAsync(string groups = "")
    {
        _daemon = StartAs(User, groups, "kimchi-isod");
        await Patience.UntilAsync(
            () => _daemon.HasExited ? throw new InvalidOperationException(Log) : Client.AnswersAsync(), () => Log);
    }

    /// <summary>Runs a program in it as one of its users.</summary>
    /// <param name="user">The user.</param>
    /// <param name="groups">The groups beside the user's own, separated by commas.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>Its exit code, and what it printed.</returns>
    public (int Code, string Output) TryRunAs(string user, string groups, params string[] command)
    {
        string[] all = [.. Enter(user, groups), .. command];
        return ChildProcess.TryRun(all[0], all[1..]);
    }

    /// <summary>Ends all that was started, and forgets what was changed.</summary>
    public void Dispose()
    {
        _daemon?.Dispose();
        Client.Dispose();
        for (var i = _processes.Count - 1; i >= 0; i--) _processes[i].Dispose();
        _root.Dispose();
    }

    private ChildProcess Start(params string[] command)
    {
        var process = StartAs("root", "", command);
        _processes.Add(process);
        return process;
    }

    private ChildProcess StartAs(string user, string groups, params string[] command)
    {
        string[] all = [.. Enter(user, groups), .. command];
        return ChildProcess.Start(all[0], all[1..]);
    }

    private string[] Enter(string user, string groups) => _root.Enter($"--userspec={user}", $"--groups={groups}");

    private void WaitForFile(string path) => Patience.Until(
        () => File.Exists(_root[path]), () => string.Concat(_processes.Select(p => p.Output)));
}
