using Kimchi.Isod.Configuration;
using Kimchi.Isod.Systemd;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Kimchi.Isod.Server;

/// <summary>The log: to the journal, or lines on the standard output, in the form that their reader expects.</summary>
internal static class LogSetup
{
    public static void AddLog(this ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        _ = Choose(options.Format) switch
        {
            LogFormat.Journal => logging.AddProvider(new JournalLoggerProvider(JournalSocket.DefaultPath)),
            LogFormat.Systemd => logging.AddSystemdConsole(),
            LogFormat.Json => logging.AddJsonConsole(o => o.UseUtcTimestamp = true),
            _ => logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.ColorBehavior) =
                (true, "yyyy-MM-dd HH:mm:ss ", LoggerColorBehavior.Disabled)),
        };
    }

    private static LogFormat Choose(LogFormat format)
    {
        if (format is not LogFormat.Auto) return format;
        if (JournalStream.IsOurs(Environment.GetEnvironmentVariable("JOURNAL_STREAM"))) return LogFormat.Journal;
        return SystemdHelpers.IsSystemdService() ? LogFormat.Systemd : LogFormat.Text;
    }
}
