using Kimchi.Isod.Contracts;
using static System.FormattableString;

namespace Kimchi.Isoctl.Display;

/// <summary>Numbers as people read them.</summary>
internal static class Human
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Such as <c>628.0 MiB</c>.</summary>
    public static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        // What would be rounded up to 1024.0 belongs to the next unit.
        while (value >= 1023.95 && unit < Units.Length - 1) (value, unit) = (value / 1024, unit + 1);
        return unit == 0 ? Invariant($"{bytes} B") : Invariant($"{value:F1} {Units[unit]}");
    }

    /// <summary>Such as <c>31.2 MiB/s</c>.</summary>
    public static string Rate(long bytesPerSecond) => $"{Size(bytesPerSecond)}/s";

    /// <summary>Such as <c>0:07</c>, <c>1:02:03</c>, <c>4 d 01:02</c>.</summary>
    public static string Time(long seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return time switch
        {
            { Days: > 0 } => Invariant($"{time.Days} d {time:hh\\:mm}"),
            { Hours: > 0 } => Invariant($"{time.Hours}:{time:mm\\:ss}"),
            _ => Invariant($"{time.Minutes}:{time:ss}"),
        };
    }

    /// <summary>Such as <c>45%</c>; nothing where the size is not known.</summary>
    public static string Percent(Download download) => Share(download) is { } share
        ? Invariant($"{Math.Floor(share * 100):F0}%") : "";

    /// <summary>How much is there, from 0 to 1; null where the size is not known.</summary>
    public static double? Share(Download download) => download.TotalSize switch
    {
        null => null,
        0 => 1,
        var size => (double)download.DownloadedSize / size,
    };
}
