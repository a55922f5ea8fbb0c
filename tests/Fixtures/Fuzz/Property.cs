using CsCheck;

namespace Kimchi.Isod.Fixtures.Fuzz;

/// <summary>What has to be true of every generated case. A failure names the smallest case found and its seed: CONTRIBUTING.md.</summary>
public static class Property
{
    // Room for what a parser makes once, for an exception with its stack, and for some copies of the input.
    private const long AllocationBase = 256 * 1024;
    private const long AllocationFactor = 500;

    /// <summary>Looks for a case where <paramref name="property"/> is false or throws.</summary>
    /// <param name="cases">Where the cases come from.</param>
    /// <param name="property">What has to be true.</param>
    /// <param name="count">How many cases; more where the environment sets <c>CsCheck_Iter</c>.</param>
    public static void Holds<T>(this Gen<T> cases, Func<T, bool> property, int count = 5000) =>
        cases.Sample(property, iter: Math.Max(count, Check.Iter), print: static value => Texts.Show(Check.Print(value)));

    /// <summary>Looks for a text that a parser neither takes nor refuses as it says, or for which it wants memory out of proportion.</summary>
    /// <param name="cases">Where the texts come from.</param>
    /// <param name="parse">The parser, and whether what it read is sound.</param>
    /// <param name="isDocumented">Whether the parser says that it throws this.</param>
    /// <param name="count">How many cases.</param>
    public static void AreReadOrRefused(
        this Gen<string> cases, Func<string, bool> parse, Func<Exception, bool> isDocumented, int count = 5000) => cases.Holds(
        text =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (!parse(text)) return false;
            }
            catch (Exception e) when (isDocumented(e))
            {
                // Refused.
            }

            return GC.GetAllocatedBytesForCurrentThread() - before < AllocationBase + (AllocationFactor * text.Length);
        },
        count);

    /// <inheritdoc cref="AreReadOrRefused"/>
    public static void AreRead(this Gen<string> cases, Func<string, bool> parse, int count = 5000) =>
        cases.AreReadOrRefused(parse, static _ => false, count);
}
