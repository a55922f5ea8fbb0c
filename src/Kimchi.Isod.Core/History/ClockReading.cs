namespace Kimchi.Isod.Core.History;

/// <summary>What the machine's clocks tell at one moment.</summary>
/// <param name="BootId">The boot that the machine is in.</param>
/// <param name="Uptime">The time since then; nobody can set it.</param>
/// <param name="Time">The time of day, which anybody may set, and which may be wrong until a time server was reached.</param>
public sealed record ClockReading(string BootId, TimeSpan Uptime, DateTimeOffset Time)
{
    // Clocks of one boot drift apart, and are corrected, by less than this in the weeks between two readings.
    private static readonly TimeSpan Drift = TimeSpan.FromHours(1);

    // Nothing tells how long a machine was off. A clock that is ahead by less than this does history no harm.
    private static readonly TimeSpan LongestOff = TimeSpan.FromDays(1);

    /// <summary>Whether the time of day can have come to this from an earlier reading: it is not ahead of what can have passed.</summary>
    /// <remarks>A clock that was set back is followed: at worst, records are kept for too long.</remarks>
    public bool Follows(ClockReading earlier) =>
        Time <= earlier.Time + SurelyPassedSince(earlier) + (BootId == earlier.BootId ? Drift : LongestOff);

    /// <summary>The same moment by an earlier reading's time of day and the time that has surely passed since.</summary>
    public ClockReading Continuing(ClockReading earlier) => this with { Time = earlier.Time + SurelyPassedSince(earlier) };

    // The uptime begins anew with the boot, and within a container with that.
    private TimeSpan SurelyPassedSince(ClockReading earlier) =>
        BootId == earlier.BootId && Uptime >= earlier.Uptime ? Uptime - earlier.Uptime : Uptime;
}
