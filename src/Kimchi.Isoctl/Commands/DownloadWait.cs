using Kimchi.Isoctl.Api;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary>Waits for downloads that were started, and shows them.</summary>
internal static class DownloadWait
{
    /// <summary>Waits for all of them.</summary>
    /// <returns>Whether all are complete, as an exit code.</returns>
    public static async Task<int> RunAsync(Session session, IReadOnlyCollection<string> names)
    {
        try
        {
            await using var view = ProgressViews.Choose(session);
            var ended = await new DownloadFollower(session.Client, session.Pool, view, TimeProvider.System).FollowAsync(names, session.Cancel);
            return ended.All(d => d.Status == DownloadStatus.Completed) ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (session.Cancel.IsCancellationRequested)
        {
            if (session.Form is OutputForm.Text) SayWhatGoesOn(session, names);
            return ExitCode.Interrupted;
        }
    }

    private static void SayWhatGoesOn(Session session, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0) return;
        var quoted = string.Join(' ', names.Select(name => ShellWord.Quote(Printable.Escape(name))));
        session.Error.WriteLine(
            $"The daemon goes on downloading. To follow it: kimchi-isoctl watch {quoted}; to end it: kimchi-isoctl cancel {quoted}");
    }
}
