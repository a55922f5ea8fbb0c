using Kimchi.Isod.Configuration;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Kimchi.Isod.Server;

/// <summary>The log: lines on the standard output, in the form that whoever reads them expects.</summary>
internal static class LogSetup
{
    public static void AddLog(this ILoggingBuilder logging, LogOptions options)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(options.Level);
        // Kestrel and the host tell of every request and their own beginnings; their warnings are enough.
        logging.AddFilter("Microsoft", options.Level < LogLevel.Information ? options.Level : LogLevel.Warning);
        var format = options.Format is LogFormat.Auto
            ? SystemdHelpers.IsSystemdService() ? LogFormat.Systemd : LogFormat.Text
            : options.Format;
        _ = format switch
        {
            LogFormat.Systemd => logging.AddSystemdConsole(),
            LogFormat.Json => logging.AddJsonConsole(o => o.UseUtcTimestamp = true),
            _ => logging.AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat, o.ColorBehavior) =
                (true, "yyyy-MM-dd HH:mm:ss ", LoggerColorBehavior.Disabled)),
        };
    }
}
