using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Kimchi.Isoctl.Commands;

/// <summary>The whole command line.</summary>
internal static class RootCommandLine
{
    private const string Description = """
        Downloads installation images into libvirt's storage pools: the command line of kimchi-isod.

        Exit codes: 0 done, 1 a download failed or was cancelled (or the daemon is not healthy), 2 wrong usage, 3 the daemon is
        out of reach, 4 the daemon refused, 5 no permission on the socket, 130 interrupted while waiting.
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = Create(output, error).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var fault in parsed.Errors) await error.WriteLineAsync($"kimchi-isoctl: {fault.Message}");
            await error.WriteLineAsync($"See: {Path(parsed.CommandResult.Command)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    /// <summary>Every command with its options.</summary>
    public static RootCommand Create(TextWriter output, TextWriter error)
    {
        var global = new GlobalOptions(output, error);
        var root = new RootCommand(Description);
        foreach (var option in new Option[] { global.Socket, global.Pool, global.Json, global.Quiet }) root.Options.Add(option);
        foreach (var command in (Command[])[
            DownloadCommand.Create(global), ListCommand.Create(global), StatusCommand.Create(global), .. ChangeCommands.Create(global),
            WatchCommand.Create(global), ProbeCommand.Create(global), LimitCommand.Create(global), HealthCommand.Create(global),
            VersionCommand.Create(global), CompletionCommand.Create(global)])
        {
            root.Subcommands.Add(command);
        }

        // Windows's forms would be offered by the shells' completion.
        foreach (var alias in new[] { "/?", "/h", "-?" }) root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }

    private static string Path(Command command) => command is RootCommand ? "kimchi-isoctl" : $"kimchi-isoctl {command.Name}";
}
