using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Tests.Checksums;

public sealed class ChecksumTests
{
    [TestCase("md5", 32)]
    [TestCase("sha1", 40)]
    [TestCase("sha256", 64)]
    [TestCase("SHA-256", 64)]
    [TestCase("sha384", 96)]
    [TestCase("sha512", 128)]
    [TestCase("blake2b", 128)]
    public void Checksum_is_read_and_comes_back_in_one_form(string kind, int digits)
    {
        var checksum = Checksum.Parse($"{kind}:{new string('A', digits)}");

        Assert.That(checksum.ToString(), Is.EqualTo($"{kind.ToLowerInvariant().Replace("-", "")}:{new string('a', digits)}"));
        Assert.That(Checksum.Parse(checksum.ToString()), Is.EqualTo(checksum));
    }

    [TestCase("")]
    [TestCase("sha256")]
    [TestCase("sha256:")]
    [TestCase("0123456789abcdef0123456789abcdef")]
    [TestCase("blake2s:0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("blake2b:0000000000000000000000000000000000000000000000000000000000000000")]
    [TestCase("crc32:01234567")]
    [TestCase("sha224:00000000000000000000000000000000000000000000000000000000")]
    [TestCase("md5:0123456789abcdef0123456789abcdeg")]
    [TestCase("md5:0123456789abcdef0123456789abcde")]
    [TestCase("md5:0123456789abcdef0123456789abcdef0")]
    [TestCase(" md5:0123456789abcdef0123456789abcdef")]
    [TestCase("md5: 0123456789abcdef0123456789abcdef")]
    [TestCase("md5:０123456789abcdef0123456789abcdef")]
    public void Anything_else_is_refused(string text) => Assert.That(
        () => Checksum.Parse(text),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid));
}
