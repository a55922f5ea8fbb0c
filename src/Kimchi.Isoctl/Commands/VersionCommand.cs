using System.CommandLine;
using System.Reflection;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>version</c>: of this program, of the daemon and of libvirt.</summary>
internal static class VersionCommand
{
    private static readonly string Own =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public static Command Create(GlobalOptions global)
    {
        var command = new Command("version", "Show the versions of this program, of the daemon and of libvirt");
        global.SetAction(command, async (_, session) =>
        {
            if (session.Form is OutputForm.Text) await session.Output.WriteLineAsync($"kimchi-isoctl {Own}");
            var version = await session.Client.GetAsync(Routes.Version, ApiJson.Replies.VersionReply, session.Cancel);
            session.Answer(version, ApiJson.Replies.VersionReply, v => $"{v.Name} {v.Version}\nlibvirt {v.Libvirt ?? "out of reach"}");
            return ExitCode.Done;
        });
        return command;
    }
}
