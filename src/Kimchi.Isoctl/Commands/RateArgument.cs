using System.CommandLine;
using System.CommandLine.Parsing;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Commands;

/// <summary>A rate as people write it: <c>500K</c>, <c>20M</c>, <c>none</c>.</summary>
internal static class RateArgument
{
    private const string Description = "Bytes per second, with K, M or G (powers of 1024)";

    public static Option<long> Option() => new("--limit-rate") { Description = Description, HelpName = "RATE", CustomParser = Parse };

    public static Argument<long> Argument() => new("RATE") { Description = Description + "; none or 0 for no limit", CustomParser = Parse };

    private static long Parse(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (text == "none") return 0;
        if (SizeText.Parse(text) is { } rate) return rate;
        result.AddError($"'{text}' is no rate; give one such as 500K, 20M or none");
        return 0;
    }
}
