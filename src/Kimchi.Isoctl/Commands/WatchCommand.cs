using System.CommandLine;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>watch</c>: follows downloads.</summary>
internal static class WatchCommand
{
    public static Command Create(GlobalOptions global)
    {
        var names = global.Names(ArgumentArity.ZeroOrMore);
        var command = new Command("watch", "Follow downloads until they end; with no NAME all of them, until Ctrl-C") { names };
        global.SetAction(command, (parsed, session) => DownloadWait.RunAsync(session, parsed.GetValue(names) ?? []));
        return command;
    }
}
