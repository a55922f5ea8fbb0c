using System.Globalization;

namespace Kimchi.Isod.Configuration;

/// <summary>Sizes such as <c>64M</c> and times such as <c>30s</c>, as people write them.</summary>
internal static class Quantities
{
    private const string SizeUnits = "KMGT";

    /// <summary>Bytes: a whole number, alone or with K, M, G or T (powers of 1024). Null for anything else.</summary>
    public static long? ParseSize(string text)
    {
        var unit = text.Length == 0 ? -1 : SizeUnits.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        var digits = unit < 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var factor = 1L << (10 * (unit + 1));
        return number <= long.MaxValue / factor ? number * factor : null;
    }

    /// <summary>A time: a whole number with ms, s, m, h or d; alone it means seconds. Null for anything else.</summary>
    public static TimeSpan? ParseDuration(string text)
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
