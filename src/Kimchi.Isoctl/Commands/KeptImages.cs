using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary>Images that a start has kept.</summary>
internal static class KeptImages
{
    /// <summary>The value of <c>--if-exists</c> for them.</summary>
    public const string Keep = "keep";

    /// <summary>Tells of those that no record tells of: there is nothing to follow.</summary>
    /// <returns>The names of the others.</returns>
    public static async Task<List<string>> TellUnknownAsync(Session session, IReadOnlyList<string> names)
    {
        List<string> known = [];
        foreach (var name in names)
        {
            if (await IsKnownAsync(session, name)) known.Add(name);
            else session.Answer(new StartDownloadReply(name), ApiJson.Replies.StartDownloadReply, static kept => $"{Printable.Escape(kept.Name)}  is in the pool");
        }

        return known;
    }

    private static async Task<bool> IsKnownAsync(Session session, string name)
    {
        try
        {
            await session.Client.GetAsync(Routes.DownloadOf(session.Pool, name), ApiJson.Replies.Download, session.Cancel);
            return true;
        }
        catch (IsoctlException e) when (e.ExitCode == ExitCode.Refused && e.Message.StartsWith(MessageIds.DownloadNotFound, StringComparison.Ordinal))
        {
            return false;
        }
    }
}
