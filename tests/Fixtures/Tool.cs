using System.Diagnostics;

namespace Kimchi.Isod.Fixtures;

/// <summary>How a program ended, and all that it printed.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
public sealed record ToolResult(int ExitCode, string Output, string Errors);

/// <summary>Runs a program from its start to its end.</summary>
public static class Tool
{
    /// <summary>Runs it, with the input that it reads and variables on top of the tests' own.</summary>
    /// <exception cref="TimeoutException">It did not end within the tests' patience; it is killed.</exception>
    public static async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, string input = "", params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await WriteAsync(process, input);
            await process.WaitForExitAsync().WaitAsync(Patience.Limit);
            return new ToolResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all; what it printed says why.
        }
    }
}
