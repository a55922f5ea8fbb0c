using System.CommandLine;
using System.CommandLine.Completions;
using Kimchi.Isoctl.Api;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary>The options of every command, and how a command is run with them.</summary>
internal sealed class GlobalOptions(TextWriter output, TextWriter error)
{
    private static readonly TimeSpan CompletionPatience = TimeSpan.FromSeconds(2);

    public Option<string?> Socket { get; } = new("--socket")
    {
        Description = $"The daemon's socket [default: ${SocketPath.Variable}, else {SocketPath.Default}]",
        HelpName = "PATH",
        Recursive = true,
    };

    public Option<string> Pool { get; } = new("--pool")
    {
        Description = "The storage pool",
        HelpName = "POOL",
        Recursive = true,
        DefaultValueFactory = _ => "ISO",
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Answer with the API's JSON, for scripts", Recursive = true };

    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Print nothing but errors", Recursive = true };

    /// <summary>Where results go.</summary>
    public TextWriter Output => output;

    /// <summary>A name, completed in shells from the downloads that there are.</summary>
    public Argument<string> Name() => Completed(new Argument<string>("NAME") { Description = "The volume's name", HelpName = "NAME" });

    /// <summary>Several of them.</summary>
    public Argument<string[]> Names(ArgumentArity arity) =>
        Completed(new Argument<string[]>("NAME") { Description = "The volumes' names", HelpName = "NAME", Arity = arity });

    /// <summary>Gives a command its work.</summary>
    public void SetAction(Command command, Func<ParseResult, Session, Task<int>> run) => command.SetAction(async (parsed, _) =>
    {
        using var interrupt = new Interrupt();
        using var client = new IsodClient(SocketPath.Choose(parsed.GetValue(Socket)));
        var form = parsed.GetValue(Json) ? OutputForm.Json : parsed.GetValue(Quiet) ? OutputForm.Quiet : OutputForm.Text;
        var session = new Session(client, parsed.GetValue(Pool)!, form, output, error, interrupt.Token);
        try
        {
            return await run(parsed, session);
        }
        catch (IsoctlException e)
        {
            session.Complain(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    });

    // Its HelpName keeps the help from showing the candidates, for which the daemon would be asked.
    private Argument<T> Completed<T>(Argument<T> argument)
    {
        argument.CompletionSources.Add(Complete);
        return argument;
    }

    private IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        using var client = new IsodClient(SocketPath.Choose(context.ParseResult.GetValue(Socket)));
        using var patience = new CancellationTokenSource(CompletionPatience);
        try
        {
            var path = Routes.DownloadsOf(context.ParseResult.GetValue(Pool) ?? "ISO");
            var list = client.GetAsync(path, ApiJson.Replies.DownloadList, patience.Token).GetAwaiter().GetResult();
            return [.. list.Downloads.Select(d => new CompletionItem(d.Name)).DistinctBy(item => item.Label)];
        }
        catch (Exception e) when (e is IsoctlException or OperationCanceledException)
        {
            // A shell that completes a word has no place for errors.
            return [];
        }
    }
}
