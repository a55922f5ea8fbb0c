namespace Kimchi.Isod.Core.Remote;

/// <summary>Where the same file is said to be, too.</summary>
/// <param name="Url">Its address there. Credentials in it are for this mirror only.</param>
/// <param name="Priority">Which one to prefer: 1 is the best, <see cref="Last"/> the worst (RFC 5854, section 4.2.16.1).</param>
/// <param name="Location">The country's code (ISO 3166-1) in lower case; null where it is not told.</param>
public sealed record Mirror(RemoteUrl Url, int Priority, string? Location)
{
    /// <summary>The priority of a mirror that has none: no other comes after it.</summary>
    public const int Last = 999_999;

    /// <summary>How many mirrors are kept of a file.</summary>
    public const int Most = 16;

    /// <summary>How many connections it is to have at most; null where that is not told (version 3 of metalinks).</summary>
    public int? MostConnections { get; init; }

    private const int LongestLocation = 8;

    /// <summary>The best mirrors, the best first, of equal ones in the order that they had; each address once, and at most <see cref="Most"/>.</summary>
    public static IReadOnlyList<Mirror> Best(IEnumerable<Mirror> mirrors) =>
    [
        .. mirrors.OrderBy(mirror => mirror.Priority).GroupBy(mirror => mirror.Url.Uri.AbsoluteUri, StringComparer.Ordinal).Take(Most)
            .Select(same => same.First() with { MostConnections = same.Min(mirror => mirror.MostConnections) }),
    ];

    /// <summary>A code of a country; null for what is none.</summary>
    public static string? ReadLocation(string? code) =>
        code is { Length: > 0 and <= LongestLocation } && code.All(char.IsAsciiLetterOrDigit) ? code.ToLowerInvariant() : null;
}
