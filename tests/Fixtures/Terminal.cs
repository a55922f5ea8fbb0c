using System.Diagnostics;

namespace Kimchi.Isod.Fixtures;

/// <summary>A program in a pseudo-terminal, which script(1) makes.</summary>
public sealed class Terminal : IDisposable
{
    private readonly TemporaryDirectory _directory = new("terminal");
    private readonly Process _script;

    /// <summary>Runs a command in a terminal of some columns.</summary>
    /// <param name="columns">How wide it is.</param>
    /// <param name="command">A line for sh.</param>
    /// <param name="environment">Variables on top of the tests' own.</param>
    public Terminal(int columns, string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("script", ["-qefc", $"stty cols {columns} rows 24; {command}", Typescript])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        _script = Process.Start(start)!;
        _script.OutputDataReceived += static (_, _) => { };
        _script.BeginOutputReadLine();
    }

    /// <summary>All that the terminal was sent so far.</summary>
    public string Output => File.Exists(Typescript) ? File.ReadAllText(Typescript) : "";

    private string Typescript => _directory["typescript"];

    /// <summary>Presses keys.</summary>
    public void Type(string keys)
    {
        _script.StandardInput.Write(keys);
        _script.StandardInput.Flush();
    }

    /// <summary>Waits until something is on the terminal.</summary>
    public Task WaitForAsync(string text) =>
        Patience.UntilAsync(() => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)), () => $"'{text}' did not come: {Output}");

    /// <summary>Waits for the command's end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        await _script.WaitForExitAsync().WaitAsync(Patience.Limit);
        return _script.ExitCode;
    }

    /// <summary>Closes it.</summary>
    public void Dispose()
    {
        if (!_script.HasExited) _script.Kill(entireProcessTree: true);
        _script.Dispose();
        _directory.Dispose();
    }
}
