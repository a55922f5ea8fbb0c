using System.Globalization;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The part of a file that a reply holds: RFC 9110, section 14.4.</summary>
/// <param name="From">The first byte; null where the server has no such part (416).</param>
/// <param name="To">The last byte, included; null with <paramref name="From"/>.</param>
/// <param name="Total">The whole file's size, or null when the server does not know.</param>
internal sealed record ContentRange(long? From, long? To, long? Total)
{
    private const string Unit = "bytes";

    /// <summary>Reads <c>bytes 0-9/10</c>, <c>bytes 0-9/*</c> or <c>bytes */10</c>; null for anything else.</summary>
    public static ContentRange? Parse(string? text)
    {
        if (text is null || !text.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return null;
        if (text.Length == Unit.Length || text[Unit.Length] is not (' ' or '\t')) return null;
        var parts = text[Unit.Length..].Trim(' ', '\t').Split('/');
        if (parts.Length != 2) return null;
        var total = Number(parts[1]);
        if (total is null && parts[1] != "*") return null;
        if (parts[0] == "*") return total is null ? null : new ContentRange(null, null, total);
        var ends = parts[0].Split('-');
        if (ends.Length != 2 || Number(ends[0]) is not { } from || Number(ends[1]) is not { } to) return null;
        return from <= to && !(to >= total) && to < long.MaxValue ? new ContentRange(from, to, total) : null;
    }

    private static long? Number(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
