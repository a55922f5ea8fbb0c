using System.CommandLine;
using System.Globalization;
using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary><c>status</c>: all that there is to know of a download.</summary>
internal static class StatusCommand
{
    public static Command Create(GlobalOptions global)
    {
        var name = global.Name();
        var command = new Command("status", "Show a download") { name };
        global.SetAction(command, async (parsed, session) =>
        {
            await session.AnswerAsync(parsed.GetValue(name)!, Describe);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Describe(Download download) => string.Join('\n', Lines(download)
        .Where(line => line.Value is not null).Select(line => $"{line.Label + ":",-12} {Printable.Escape(line.Value!)}"));

    private static IEnumerable<(string Label, string? Value)> Lines(Download d)
    {
        yield return ("name", d.Name);
        yield return ("pool", d.Pool);
        yield return ("url", d.Url);
        yield return ("status", d.Status);
        yield return ("error", d.Error);
        yield return ("size", d.TotalSize is { } size ? Exact(size) : "not told by the server");
        yield return ("downloaded", $"{Exact(d.DownloadedSize)} {Human.Percent(d)}".TrimEnd());
        yield return ("speed", d.Speed > 0 ? Human.Rate(d.Speed) : null);
        yield return ("left", d.Eta is { } eta ? Human.Time(eta) : null);
        yield return ("connections", d.Connections > 0 ? d.Connections.ToString(CultureInfo.InvariantCulture) : null);
        foreach (var source in SourceText.HasMirrors(d) ? d.Sources : []) yield return ("source", SourceText.Describe(source));
        yield return ("limit", d.LimitRate > 0 ? Human.Rate(d.LimitRate) : null);
        yield return ("resumable", d.Resumable ? "yes" : "no");
        yield return ("checksum", d.ChecksumSource is { } place ? $"{d.Checksum} (from {place})" : d.Checksum);
        foreach (var verification in d.Verified) yield return ("verified", VerificationText.Describe(verification));
        yield return ("durable", d.Durable is { } durable ? (durable ? "yes" : "no: nobody can flush it to the disk") : null);
        yield return ("warning", d.Warning);
        yield return ("attempts", d.Attempts.ToString(CultureInfo.InvariantCulture));
        yield return ("created", Local(d.CreatedAt));
        yield return ("started", Local(d.StartedAt));
        yield return ("finished", Local(d.FinishedAt));
    }

    private static string Exact(long bytes) => bytes < 1024 ? Human.Size(bytes) : $"{Human.Size(bytes)} ({bytes} bytes)";

    private static string? Local(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
