using System.Globalization;

namespace Kimchi.Isod.Configuration;

/// <summary>Times as people write them, such as <c>30s</c>.</summary>
internal static class DurationText
{
    /// <summary>A time: a whole number with ms, s, m, h or d; alone it means seconds. Null for anything else.</summary>
    public static TimeSpan? Parse(string text)
    {
        var digits = text.TrimEnd("abcdefghijklmnopqrstuvwxyz".ToCharArray());
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var unit = text[digits.Length..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "" or "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };
        return unit > 0 && number <= long.MaxValue / unit ? TimeSpan.FromTicks(number * unit) : null;
    }
}
