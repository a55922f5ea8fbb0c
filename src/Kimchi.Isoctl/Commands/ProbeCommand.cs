using System.CommandLine;
using System.Globalization;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>probe</c>: what a download would find.</summary>
internal static class ProbeCommand
{
    public static Command Create(GlobalOptions global)
    {
        var url = new Argument<string>("URL") { Description = "http, https, ftp or ftps" };
        var (mirrors, metalink) = (SourceOptions.Mirrors(), SourceOptions.Metalink());
        var command = new Command("probe", "Show what a download would find; nothing is stored") { url, mirrors, metalink };
        global.SetAction(command, async (parsed, session) =>
        {
            var request = new ProbeRequest
            {
                Url = parsed.GetValue(url)!,
                Mirrors = parsed.GetValue(mirrors) is { Length: > 0 } given ? given : null,
                MetalinkUrl = parsed.GetValue(metalink),
            };
            var found = await session.Client.PostAsync(
                Routes.DownloadsOf(session.Pool) + Routes.Probe, request, ApiJson.Wire.ProbeRequest, ApiJson.Replies.ProbeReply, session.Cancel);
            session.Answer(found, ApiJson.Replies.ProbeReply, Describe);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(ProbeReply found) => string.Join('\n', Lines(found)
        .Select(line => $"{line.Label + ":",-14} {Printable.Escape(line.Value)}"));

    private static IEnumerable<(string Label, string Value)> Lines(ProbeReply found)
    {
        yield return ("name", found.Name ?? "none that a volume can have; give one with --name");
        yield return ("size", found.TotalSize is { } size ? $"{Human.Size(size)} ({size} bytes)" : "not told by the server");
        yield return ("fits", found.Fits switch { true => "yes", false => "no, the pool has too little free space", null => "not known" });
        yield return ("resumable", found.Resumable ? "yes" : "no");
        yield return ("type", found.ContentType ?? "not told by the server");
        yield return ("last modified", found.LastModified?.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) ?? "not told by the server");
        yield return ("found at", found.FinalUrl);
        if (found.Metalink) yield return ("metalink", "yes; the rest is of the image that it leads to");
        yield return ("checksum", found.Checksum ?? "none is known");
        yield return ("verify auto", found.AutoChecksum is { } auto ? $"{auto} (from {found.AutoChecksumSource})" : found.AutoChecksumSource ?? "none is known");
        foreach (var mirror in found.Mirrors) yield return ("mirror", mirror);
    }
}
