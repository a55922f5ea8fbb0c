using System.CommandLine;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>limit</c>: changes a download's rate.</summary>
internal static class LimitCommand
{
    public static Command Create(GlobalOptions global)
    {
        var name = global.Name();
        var rate = RateArgument.Argument();
        var command = new Command("limit", "Change a download's own limit, also while it runs") { name, rate };
        global.SetAction(command, async (parsed, session) =>
        {
            var body = new LimitRequest { Name = parsed.GetValue(name)!, LimitRate = parsed.GetValue(rate) };
            await session.Client.PostAsync(
                Routes.DownloadsOf(session.Pool) + Routes.Limit, body, ApiJson.Wire.LimitRequest, ApiJson.Replies.EmptyReply, session.Cancel);
            await session.AnswerAsync(body.Name, Describe);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(Download download) =>
        $"{Printable.Escape(download.Name)}: {(download.LimitRate > 0 ? $"at most {Human.Rate(download.LimitRate)}" : "no limit of its own")}";
}
