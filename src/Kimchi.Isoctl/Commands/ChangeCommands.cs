using System.CommandLine;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c> and <c>forget</c>, each for any number of downloads.</summary>
internal static class ChangeCommands
{
    public static IEnumerable<Command> Create(GlobalOptions global) =>
    [
        Create(global, "pause", "Pause downloads", (session, name) => CallAsync(session, Routes.Pause, name)),
        Create(global, "resume", "Let paused downloads go on", (session, name) => CallAsync(session, Routes.Resume, name)),
        Create(global, "cancel", "End downloads, and delete what there is of their volumes", (session, name) => CallAsync(session, Routes.Cancel, name)),
        Create(global, "retry", "Let failed downloads go on", (session, name) => CallAsync(session, Routes.Retry, name)),
        Create(global, "forget", "Drop the records of downloads that have ended; volumes stay", ForgetAsync),
    ];

    private static Command Create(GlobalOptions global, string verb, string description, Func<Session, string, Task> change)
    {
        var names = global.Names(ArgumentArity.OneOrMore);
        var command = new Command(verb, description) { names };
        global.SetAction(command, async (parsed, session) =>
        {
            var exitCode = ExitCode.Done;
            foreach (var name in parsed.GetValue(names)!)
            {
                try
                {
                    await change(session, name);
                }
                catch (IsoctlException e) when (e.ExitCode == ExitCode.Refused)
                {
                    session.Complain(e.Message);
                    exitCode = ExitCode.Refused;
                }
            }

            return exitCode;
        });
        return command;
    }

    private static async Task CallAsync(Session session, string call, string name)
    {
        var body = new DownloadName { Name = name };
        await session.Client.PostAsync(
            Routes.DownloadsOf(session.Pool) + call, body, ApiJson.Wire.DownloadName, ApiJson.Replies.EmptyReply, session.Cancel);
        await session.AnswerAsync(name, DownloadLine.Describe);
    }

    private static async Task ForgetAsync(Session session, string name)
    {
        await session.Client.DeleteAsync(Routes.DownloadOf(session.Pool, name), session.Cancel);
        session.Answer(new EmptyReply(), ApiJson.Replies.EmptyReply, _ => $"{Printable.Escape(name)}: forgotten");
    }
}
