using System.Globalization;

namespace Kimchi.Isod.Systemd;

/// <summary>How often systemd wants to hear of the daemon: sd_watchdog_enabled(3).</summary>
internal static class WatchdogInterval
{
    /// <summary>Reads <c>WATCHDOG_USEC</c>, which counts for the process of <c>WATCHDOG_PID</c>.</summary>
    /// <returns>The interval, or null where systemd does not watch.</returns>
    public static TimeSpan? Find(Func<string, string?> variable)
    {
        if (!long.TryParse(variable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)) return null;
        var isOurs = variable("WATCHDOG_PID") is not { Length: > 0 } pid
            || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && microseconds is > 0 and < long.MaxValue / TimeSpan.TicksPerMicrosecond ? TimeSpan.FromMicroseconds(microseconds) : null;
    }
}
