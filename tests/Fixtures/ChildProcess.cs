using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Kimchi.Isod.Fixtures;

/// <summary>A process that a test started, with what it printed. Killed when disposed.</summary>
public sealed partial class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private readonly Action<string>? _onLine;

    private ChildProcess(Process process, Action<string>? onLine) => (_process, _onLine) = (process, onLine);

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What it has printed so far, errors included.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables that it gets besides the test's own.</param>
    /// <param name="onLine">Hears each line that it prints, as soon as it comes.</param>
    public static ChildProcess Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, Action<string>? onLine = null)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) info.Environment[name] = value;
        var process = new Process { StartInfo = info };
        var child = new ChildProcess(process, onLine);
        process.OutputDataReceived += (_, line) => child.Append(line.Data);
        process.ErrorDataReceived += (_, line) => child.Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public static string Run(string program, params string[] arguments)
    {
        var (code, output) = TryRun(program, arguments);
        if (code == 0) return output;
        throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>Runs a program to its end, which may be a failure.</summary>
    /// <returns>Its exit code, and what it printed.</returns>
    public static (int Code, string Output) TryRun(string program, params string[] arguments)
    {
        using var child = Start(program, arguments);
        child._process.WaitForExit();
        return (child.ExitCode, child.Output);
    }

    /// <summary>Sends a signal, such as 15 for SIGTERM.</summary>
    public void Signal(int signal)
    {
        if (!HasExited) _ = Kill(Id, signal);
    }

    /// <summary>Kills it without warning, and does not wait. Harmless when it has ended.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(timeout.Token);
        return ExitCode;
    }

    /// <summary>Kills it, and waits until it is gone.</summary>
    public void Dispose()
    {
        if (!HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is null) return; // The end of one of the two streams.
        lock (_output) _output.AppendLine(line);
        _onLine?.Invoke(line);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
