using System.CommandLine;
using System.Globalization;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>list</c>: the downloads of a pool.</summary>
internal static class ListCommand
{
    private static readonly string[] Ended = [DownloadStatus.Completed, DownloadStatus.Cancelled];
    private static readonly string[] LongHeadings = ["VERIFIED", "FINISHED"];

    public static Command Create(GlobalOptions global)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Also those that are completed or cancelled" };
        var isLong = new Option<bool>("--long", "-l") { Description = "Also what was proven of each image, and when it ended" };
        var command = new Command("list", "List downloads, newest first") { all, isLong };
        global.SetAction(command, async (parsed, session) =>
        {
            var list = await session.Client.GetAsync(Routes.DownloadsOf(session.Pool), ApiJson.Replies.DownloadList, session.Cancel);
            var shown = new DownloadList([.. list.Downloads.Where(d => parsed.GetValue(all) || !Ended.Contains(d.Status))]);
            if (session.Form is OutputForm.Text) WriteTable(session.Output, shown.Downloads, parsed.GetValue(isLong));
            else session.Answer(shown, ApiJson.Replies.DownloadList, _ => "");
            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteTable(TextWriter output, IReadOnlyList<Download> downloads, bool isLong) => TextTable.Write(
        output, [["NAME", "STATUS", "SIZE", "DONE", "SPEED", "LEFT", .. isLong ? LongHeadings : []], .. downloads.Select(d => (string[])[.. Row(d), .. isLong ? LongRow(d) : []])]);

    private static string[] LongRow(Download d) =>
        [VerificationText.Summarize(d), d.FinishedAt?.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "-"];

    private static string[] Row(Download d) =>
    [
        Printable.Escape(d.Name),
        d.Status,
        d.TotalSize is { } size ? Human.Size(size) : "-",
        Human.Percent(d) is { Length: > 0 } percent ? percent : Human.Size(d.DownloadedSize),
        d.Status is DownloadStatus.Downloading ? Human.Rate(d.Speed) : "-",
        d.Eta is { } eta ? Human.Time(eta) : "-",
    ];
}
