using Kimchi.Isod.Core.History;
using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>The trusted clock as rows of the table <c>clocks</c>.</summary>
internal static class ClockRows
{
    private const string Believed = "believed";
    private const string Doubted = "doubted";

    /// <summary>The query for the rows in the order in which <see cref="Compose"/> takes them.</summary>
    public static SqlStatement Select { get; } = new("SELECT trust, boot_id, uptime, time, since FROM clocks ORDER BY trust");

    /// <summary>The statements that put a clock in the place of what is there.</summary>
    public static SqlStatement[] Replace(TrustedClock clock) => clock.Doubted is { } doubted
        ? [new("DELETE FROM clocks"), Insert(Believed, clock.Believed, null), Insert(Doubted, doubted, clock.DoubtedSince)]
        : [new("DELETE FROM clocks"), Insert(Believed, clock.Believed, null)];

    /// <summary>Reads a row.</summary>
    public static (string Trust, ClockReading Reading, DateTimeOffset? Since) Read(SqliteDataReader row) => (
        row.GetString(0),
        new ClockReading(row.GetString(1), TimeSpan.FromMilliseconds(row.GetInt64(2)), Time(row.GetInt64(3))),
        row.IsDBNull(4) ? null : Time(row.GetInt64(4)));

    /// <summary>The clock that the rows are of; null where there is none.</summary>
    public static TrustedClock? Compose(IReadOnlyList<(string Trust, ClockReading Reading, DateTimeOffset? Since)> rows) => rows switch
    {
        [var believed] => new TrustedClock(believed.Reading),
        [var believed, var doubted] => new TrustedClock(believed.Reading, doubted.Reading, doubted.Since.GetValueOrDefault()),
        _ => null,
    };

    private static SqlStatement Insert(string trust, ClockReading reading, DateTimeOffset? since) => new(
        "INSERT INTO clocks VALUES ($trust, $boot, $uptime, $time, $since)",
        ("$trust", trust), ("$boot", reading.BootId), ("$uptime", (long)reading.Uptime.TotalMilliseconds),
        ("$time", reading.Time.ToUnixTimeMilliseconds()), ("$since", since?.ToUnixTimeMilliseconds()));

    // A number that is no time is one that nobody can believe: the oldest, from which every clock is ahead.
    private static DateTimeOffset Time(long milliseconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            return DateTimeOffset.UnixEpoch;
        }
    }
}
