using Spectre.Console;

namespace Kimchi.Isoctl.Display;

/// <summary>Which view a session has.</summary>
internal static class ProgressViews
{
    /// <summary>Bars on a terminal, on the standard error so that the output stays free for results; lines elsewhere; JSON on the output.</summary>
    public static IProgressView Choose(Session session)
    {
        if (session.Form is OutputForm.Json) return new JsonView(session.Output);
        if (session.Form is OutputForm.Quiet) return new QuietView();
        if (Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
            return new LinesView(session.Error, TimeProvider.System);
        return new BarsView(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));
    }
}
