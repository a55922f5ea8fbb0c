using System.CommandLine;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>health</c>: whether the daemon can do its work.</summary>
internal static class HealthCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("health", "Show whether the daemon can do its work");
        global.SetAction(command, async (_, session) =>
        {
            var health = await session.Client.GetHealthAsync(session.Cancel);
            session.Answer(health, ApiJson.Replies.HealthReply, Describe);
            return health.Healthy ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string Describe(HealthReply health) => string.Join('\n', health.Checks.Select(check =>
        Printable.Escape($"{check.Name}: {(check.Healthy ? "good" : check.Reason)}")));
}
