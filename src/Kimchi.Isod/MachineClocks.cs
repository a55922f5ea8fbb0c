using System.Globalization;
using Kimchi.Isod.Core.History;

namespace Kimchi.Isod;

/// <summary>Reads the machine's clocks.</summary>
internal sealed class MachineClocks(TimeProvider time)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    // proc(5): seconds since the boot, those of sleep included, and an idle time.
    private const string UptimeFile = "/proc/uptime";

    /// <summary>What they tell now.</summary>
    public ClockReading Read()
    {
        var uptime = File.ReadAllText(UptimeFile).Split(' ')[0];
        return new ClockReading(
            File.ReadAllText(BootIdFile).Trim(), TimeSpan.FromSeconds(double.Parse(uptime, CultureInfo.InvariantCulture)), time.GetUtcNow());
    }
}
