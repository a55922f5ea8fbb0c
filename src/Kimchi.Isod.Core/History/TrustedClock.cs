namespace Kimchi.Isod.Core.History;

/// <summary>The time of day that history is dropped by: one that is suddenly ahead is not believed before it has stayed so.</summary>
/// <param name="Believed">The last reading that is believed. While another is doubted, it goes on by the machine's uptime.</param>
/// <param name="Doubted">A reading that is ahead of what can have passed; null where there is none.</param>
/// <param name="DoubtedSince">When such readings began, by themselves.</param>
public sealed record TrustedClock(ClockReading Believed, ClockReading? Doubted = null, DateTimeOffset DoubtedSince = default)
{
    /// <summary>How long a clock that is ahead must go on as clocks do before it is believed. Restarts do not count against it.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromHours(12);

    /// <summary>The clock after a new reading.</summary>
    /// <param name="earlier">As it was; null before the first reading of all, which is believed.</param>
    /// <param name="now">What the machine's clocks tell.</param>
    public static TrustedClock After(TrustedClock? earlier, ClockReading now)
    {
        if (earlier is null || now.Follows(earlier.Believed)) return new TrustedClock(now);
        var since = earlier.Doubted is { } doubted && now.Follows(doubted) && earlier.DoubtedSince < now.Time ? earlier.DoubtedSince : now.Time;
        return now.Time - since >= Probation
            ? new TrustedClock(now)
            : new TrustedClock(now.Continuing(earlier.Believed), now, since);
    }
}
