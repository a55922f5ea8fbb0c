using System.Globalization;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Storage.State;

/// <summary>What is known of a download's sources as a text: for its address and for each of its mirrors a line with the bytes that came from there
/// (and a star where the version is of it), the standing, and the reason why it was left, where there is one.</summary>
internal static class OutcomeText
{
    private const string Version = "*";

    /// <summary>Writes it; null where nothing is known.</summary>
    public static string? Write(IReadOnlyList<SourceOutcome> outcomes) => outcomes.Count == 0 ? null : string.Join('\n', outcomes.Select(WriteLine));

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not what <see cref="Write"/> gives.</exception>
    public static IReadOnlyList<SourceOutcome> Read(string? text) => text is null ? [] : [.. text.Split('\n').Select(ReadLine)];

    private static string WriteLine(SourceOutcome outcome) =>
        $"{outcome.Bytes.ToString(CultureInfo.InvariantCulture)}{(outcome.IsOfVersion ? Version : "")} {outcome.Standing}{(outcome.Error is { } error ? " " + Uri.EscapeDataString(error) : "")}";

    private static SourceOutcome ReadLine(string line)
    {
        var parts = line.Split(' ');
        if (parts.Length is not (2 or 3)) throw new FormatException("the outcome of a source has two or three parts");
        return new SourceOutcome(
            long.Parse(parts[0].TrimEnd(Version[0]), CultureInfo.InvariantCulture), Enum.Parse<SourceStanding>(parts[1]),
            parts.Length == 3 ? Uri.UnescapeDataString(parts[2]) : null)
        {
            IsOfVersion = parts[0].EndsWith(Version, StringComparison.Ordinal),
        };
    }
}
