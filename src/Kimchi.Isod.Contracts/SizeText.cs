using System.Globalization;

namespace Kimchi.Isod.Contracts;

/// <summary>Sizes as people write them, such as <c>64M</c>: in the configuration and on command lines.</summary>
public static class SizeText
{
    private const string Units = "KMGT";

    /// <summary>Reads a whole number, alone or with K, M, G or T (powers of 1024).</summary>
    /// <returns>Bytes, or null for anything else.</returns>
    public static long? Parse(string text)
    {
        var unit = text.Length == 0 ? -1 : Units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        var digits = unit < 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        var factor = 1L << (10 * (unit + 1));
        return number <= long.MaxValue / factor ? number * factor : null;
    }
}
