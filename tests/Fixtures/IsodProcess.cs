using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Kimchi.Isod.Fixtures;

/// <summary>The published daemon, as a user runs it, with a configuration, a state and a socket of the test's own.</summary>
public sealed class IsodProcess : IAsyncDisposable
{
    private const int SigHangup = 1;
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigContinue = 18;

    private readonly TemporaryDirectory _directory = new("daemon");
    private readonly StringBuilder _earlierLog = new();
    private ChildProcess? _process;

    /// <summary>Prepares a daemon that uses a libvirtd; <see cref="StartAsync"/> starts it.</summary>
    /// <param name="libvirtUri">The libvirtd's URI.</param>
    /// <param name="poolDirectory">The directory of its pool <c>ISO</c>.</param>
    /// <param name="settings">Keys such as <c>downloads:max_active</c>, which win over the fixture's own.</param>
    public IsodProcess(string libvirtUri, string poolDirectory, params (string Key, string Value)[] settings)
    {
        Settings = new Dictionary<string, string>
        {
            ["server:socket"] = _directory["isod.sock"],
            ["state:directory"] = _directory["state"],
            ["libvirt:uri"] = libvirtUri,
            ["pools:iso_path"] = poolDirectory,
            ["downloads:min_free"] = "0",
            // Tests that count requests want one; those of several connections say so.
            ["downloads:connections"] = "1",
        };
        foreach (var (key, value) in settings) Settings[key] = value;
        Client = new IsodClient(Settings["server:socket"]);
    }

    /// <summary>The binary: <c>KIMCHI_ISOD_BIN</c>, else the one that packaging/build.sh has made.</summary>
    public static string Binary => System.Environment.GetEnvironmentVariable("KIMCHI_ISOD_BIN")
        ?? Path.Combine(Repository.Root, "artifacts", "bin", "kimchi-isod");

    /// <summary>The command line, beside it.</summary>
    public static string Isoctl => Path.Combine(Path.GetDirectoryName(Binary)!, "kimchi-isoctl");

    /// <summary>What its configuration file says. Changes count from the next start.</summary>
    public Dictionary<string, string> Settings { get; }

    /// <summary>Files that it sees in place of the system's, by the system's path, such as /etc/hosts.</summary>
    public Dictionary<string, string> Overlays { get; } = [];

    /// <summary>Variables that it gets besides the test's own.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    /// <summary>A program and its arguments that start it, such as systemd-socket-activate; none to start it itself.</summary>
    public IReadOnlyList<string> Launcher { get; set; } = [];

    /// <summary>A client of its API.</summary>
    public IsodClient Client { get; }

    /// <summary>Hears each line of its log, as soon as it comes.</summary>
    public event EventHandler<LineEventArgs>? Printed;

    /// <summary>What it printed since the first start.</summary>
    public string Log => _earlierLog + _process?.Output;

    /// <summary>Its process id.</summary>
    public int Id => _process!.Id;

    /// <summary>Its socket.</summary>
    public string Socket => Settings["server:socket"];

    /// <summary>Its state directory.</summary>
    public string StateDirectory => Settings["state:directory"];

    /// <summary>How many TCP connections it has to a port: proc(5), the sockets in fd that net/tcp lists.</summary>
    public int ConnectionsTo(int port)
    {
        var remote = $":{port:X4}";
        var own = Directory.GetFiles($"/proc/{Id}/fd").Select(link => new FileInfo(link).LinkTarget).ToHashSet(StringComparer.Ordinal);
        return File.ReadLines("/proc/net/tcp").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => fields[2].EndsWith(remote, StringComparison.Ordinal) && fields[3] == "01" && own.Contains($"socket:[{fields[9]}]"));
    }

    /// <summary>Whether it has a file open: proc(5), the links in fd.</summary>
    public bool HasOpen(string path) =>
        Directory.GetFiles($"/proc/{Id}/fd").Any(link => new FileInfo(link).LinkTarget == path);

    /// <summary>Starts it, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        StartWithoutWaiting();
        await WaitUntilItAnswersAsync();
    }

    /// <summary>Waits until it answers.</summary>
    public Task WaitUntilItAnswersAsync() => Patience.UntilAsync(
        () => _process!.HasExited ? throw new InvalidOperationException($"the daemon ended: {Log}") : Client.AnswersAsync(),
        () => $"the daemon does not answer: {Log}");

    /// <summary>Waits until a regular expression fits its log, whose lines come a moment after what they tell of.</summary>
    public Task WaitForLogAsync(string pattern) => Patience.UntilAsync(
        () => Task.FromResult(Regex.IsMatch(Log, pattern)), () => $"no '{pattern}' in the log: {Log}");

    /// <summary>Starts it.</summary>
    public void StartWithoutWaiting()
    {
        string[] command = [.. Launcher, Binary, "--config", WriteConfiguration()];
        if (Overlays.Count > 0) command = [.. WithOverlays(), .. command];
        _process = ChildProcess.Start(command[0], command[1..], Environment, onLine: line => Printed?.Invoke(this, new LineEventArgs(line)));
    }

    /// <summary>Waits for its end, and keeps its log.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        var code = await _process!.WaitForExitAsync(Patience.Limit);
        _earlierLog.Append(_process.Output);
        _process.Dispose();
        _process = null;
        return code;
    }

    /// <summary>Stops it as systemd does.</summary>
    /// <returns>Its exit code, and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync()
    {
        var clock = Stopwatch.StartNew();
        _process!.Signal(SigTerm);
        return (await WaitForExitAsync(), clock.Elapsed);
    }

    /// <summary>Kills it without warning.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Has it read its configuration again, as it is now: SIGHUP.</summary>
    public void Reload()
    {
        WriteConfiguration();
        _process!.Signal(SigHangup);
    }

    /// <summary>Lets it do nothing more until <see cref="Continue"/>: SIGSTOP.</summary>
    public void Suspend() => _process?.Signal(SigStop);

    /// <summary>Lets it go on: SIGCONT.</summary>
    public void Continue() => _process?.Signal(SigContinue);

    /// <summary>Ends it and deletes all it had, except the pool.</summary>
    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        Client.Dispose();
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    // A mount namespace of its own. unshare and the shell are replaced by the daemon, which keeps their process id.
    private string[] WithOverlays()
    {
        var mounts = Overlays.Select(o => $"mount --bind {o.Value} {o.Key} && ");
        return ["unshare", "--mount", "--propagation", "slave", "sh", "-c", string.Concat(mounts) + "exec \"$@\"", "sh"];
    }

    private string WriteConfiguration()
    {
        var sections = Settings.GroupBy(s => s.Key.Split(':')[0], s => $"{s.Key.Split(':')[1]} = {s.Value}\n");
        var path = _directory["kimchi-isod.conf"];
        File.WriteAllText(path, string.Concat(sections.Select(s => $"[{s.Key}]\n{string.Concat(s)}")));
        return path;
    }
}
