using CsCheck;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Fixtures.Fuzz;

namespace Kimchi.Isod.Core.Tests.Fuzz;

public sealed class ChecksumFuzzTests
{
    internal static readonly Gen<Checksum> Valid =
        from algorithm in Gen.OneOf(Enum.GetValues<ChecksumAlgorithm>())
        from digits in Gen.Int[0, 15].Array[algorithm.DigitCount()]
        select new Checksum(algorithm, string.Concat(digits.Select(d => d.ToString("x"))));

    [Test]
    public void Any_text_is_a_checksum_or_refused() => Gen.OneOf(
            Texts.Any, Texts.Near(Valid.Select(c => c.ToString())), Texts.Of("sha256", "md5", "SHA-", "sha2-", ":", "0123456789abcdef", "ſ", "İ"))
        .AreReadOrRefused(
            text =>
            {
                var read = Checksum.Parse(text);
                return Checksum.Parse(read.ToString()) == read && read.Digest.Length == read.Algorithm.DigitCount()
                    && read.Digest.All(char.IsAsciiHexDigitLower);
            },
            e => e is DownloadException { Kind: DownloadErrorKind.ChecksumInvalid },
            count: 20_000);

    [Test]
    public void Checksum_comes_back_from_its_text_in_either_case() => Valid.Holds(
        checksum => Checksum.Parse(checksum.ToString()) == checksum && Checksum.Parse(checksum.ToString().ToUpperInvariant()) == checksum);
}
