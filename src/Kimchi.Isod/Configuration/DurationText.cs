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
        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "" or "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
