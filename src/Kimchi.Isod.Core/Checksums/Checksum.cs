using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>What a whole image must hash to. Its text form is <c>algorithm:digest</c>, as in the API.</summary>
/// <param name="Algorithm">The kind.</param>
/// <param name="Digest">Hexadecimal digits in lower case, as many as the kind has.</param>
public sealed record Checksum(ChecksumAlgorithm Algorithm, string Digest)
{
    private const string Example = "give one such as sha256:<64 hexadecimal digits>";

    /// <summary>Reads <c>sha256:&lt;hex&gt;</c>, also of sha1, sha384, sha512, blake2b and md5; upper case is taken.</summary>
    /// <exception cref="DownloadException">It is none (<see cref="DownloadErrorKind.ChecksumInvalid"/>).</exception>
    public static Checksum Parse(string text)
    {
        var parts = text.Split(':', 2);
        if (parts.Length != 2) throw Invalid($"it names no kind; {Example}");
        if (ChecksumAlgorithms.Find(parts[0]) is not { } algorithm)
            throw Invalid($"its kind is not one of md5, sha1, sha256, sha384, blake2b, sha512; {Example}");
        var digest = parts[1].ToLowerInvariant();
        if (digest.Length != algorithm.DigitCount() || !digest.All(char.IsAsciiHexDigit))
            throw Invalid($"{algorithm.Label()} has {algorithm.DigitCount()} hexadecimal digits");
        return new Checksum(algorithm, digest);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Algorithm.Label()}:{Digest}";

    private static DownloadException Invalid(string why) =>
        new(DownloadErrorKind.ChecksumInvalid, $"the checksum cannot be used: {why}");
}
