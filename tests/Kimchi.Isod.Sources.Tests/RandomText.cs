namespace Kimchi.Isod.Sources.Tests;

internal static class RandomText
{
    /// <summary>Up to 40 characters, most of them from <paramref name="alphabet"/>, some from anywhere.</summary>
    public static string Make(Random random, string alphabet) => new([.. Enumerable.Range(0, random.Next(40))
        .Select(_ => random.Next(20) == 0 ? (char)random.Next(char.MaxValue) : alphabet[random.Next(alphabet.Length)])]);
}
