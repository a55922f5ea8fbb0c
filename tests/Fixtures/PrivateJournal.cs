using System.Text.Json;

namespace Kimchi.Isod.Fixtures;

/// <summary>A systemd-journald of the test's own, which has a directory in place of /run.</summary>
public sealed class PrivateJournal : IDisposable
{
    private readonly TemporaryDirectory _run = new("run");
    private readonly ChildProcess _process;

    /// <summary>Starts it, and waits until it listens.</summary>
    public PrivateJournal()
    {
        _run.Make("systemd/journal");
        _process = ChildProcess.Start(
            "unshare",
            ["--mount", "--propagation", "slave", "sh", "-c", $"mount --bind {_run.Path} /run && exec /lib/systemd/systemd-journald"]);
        Patience.Until(() => File.Exists(_run["systemd/journal/socket"]), () => $"journald does not listen: {_process.Output}");
    }

    /// <summary>What stands in for /run.</summary>
    public string Run => _run.Path;

    /// <summary>Its entries of a program, the oldest first.</summary>
    public IReadOnlyList<JsonElement> Entries(string identifier) =>
        [.. ChildProcess.Run("journalctl", "-D", _run["log/journal"], "-o", "json", "--no-pager", "-t", identifier)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        _process.Dispose();
        _run.Dispose();
    }
}
