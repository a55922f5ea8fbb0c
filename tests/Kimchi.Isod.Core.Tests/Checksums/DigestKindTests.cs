using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Tests.Checksums;

/// <summary>Of which kind digests are that have one length: by the words of their list.</summary>
public sealed class DigestKindTests
{
    private static readonly string Long = new('5', 128);
    private static readonly string Other = new('6', 128);
    private static readonly string Sha256 = new('3', 64);

    [TestCase("SHA512SUMS", ChecksumAlgorithm.Sha512)]
    [TestCase("sha512sum.txt", ChecksumAlgorithm.Sha512)]
    [TestCase("a.iso.sha512", ChecksumAlgorithm.Sha512)]
    [TestCase("a.iso.SHA-512", ChecksumAlgorithm.Sha512)]
    [TestCase("CHECKSUM.SHA512-FreeBSD-15.0-RELEASE-amd64", ChecksumAlgorithm.Sha512)]
    [TestCase("checksums_sha512.txt", ChecksumAlgorithm.Sha512)]
    [TestCase("b2sums.txt", ChecksumAlgorithm.Blake2b)]
    [TestCase("B2SUMS", ChecksumAlgorithm.Blake2b)]
    [TestCase("a.iso.b2", ChecksumAlgorithm.Blake2b)]
    [TestCase("a.iso.blake2b", ChecksumAlgorithm.Blake2b)]
    [TestCase("my-b2-image.iso.sha512", ChecksumAlgorithm.Sha512)]
    public void Name_of_the_list_tells(string name, ChecksumAlgorithm kind) => Assert.That(Find(name, $"{Long}  a.iso").Algorithm, Is.EqualTo(kind));

    [TestCase("# BLAKE2B HASH", ChecksumAlgorithm.Blake2b)]
    [TestCase("# SHA512 HASH", ChecksumAlgorithm.Sha512)]
    [TestCase("  ## SHA-512 checksums", ChecksumAlgorithm.Sha512)]
    [TestCase("- # BLAKE2b-512", ChecksumAlgorithm.Blake2b)]
    [TestCase("# BLAKE2B HASH\n# a comment\n\n", ChecksumAlgorithm.Blake2b)]
    public void Comment_above_tells_and_counts_before_the_name(string comment, ChecksumAlgorithm kind)
    {
        Assert.That(Find("SUMS", $"{comment}\n{Long}  a.iso").Algorithm, Is.EqualTo(kind));
        Assert.That(Find("SHA512SUMS", $"{comment}\n{Long}  a.iso").Algorithm, Is.EqualTo(kind));
    }

    [TestCase("BLAKE2b (a.iso) = ", ChecksumAlgorithm.Blake2b)]
    [TestCase("BLAKE2B-512(a.iso)= ", ChecksumAlgorithm.Blake2b)]
    [TestCase("SHA512 (a.iso) = ", ChecksumAlgorithm.Sha512)]
    public void Tag_counts_before_all_others(string tag, ChecksumAlgorithm kind) =>
        Assert.That(Find("b2sums.sha512", $"# BLAKE2B HASH\n# SHA512 HASH\n{tag}{Long}").Algorithm, Is.EqualTo(kind));

    // As https://distfiles.gentoo.org has it.
    [Test]
    public void Digests_of_gentoo_are_told_apart()
    {
        var list = $"""
            -----BEGIN PGP SIGNED MESSAGE-----
            Hash: SHA512

            # BLAKE2B HASH
            {Other}  a.iso
            # SHA512 HASH
            {Long}  a.iso
            # BLAKE2B HASH
            {Long}  a.iso.CONTENTS.gz
            # SHA512 HASH
            {Other}  a.iso.CONTENTS.gz
            -----BEGIN PGP SIGNATURE-----
            """;

        Assert.That(Find("a.iso.DIGESTS", list), Is.EqualTo(new Checksum(ChecksumAlgorithm.Sha512, Long)));
    }

    [TestCase("SUMS", "{0}  a.iso")]
    [TestCase("a.iso.DIGESTS", "{0}  a.iso")]
    [TestCase("a.iso.sha256", "{0}  a.iso")]
    public void Kind_that_nothing_tells_is_refused(string name, string text) => Assert.That(
        () => Find(name, text.Replace("{0}", Long, StringComparison.Ordinal)),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid).And.Message.Contains("SHA-512 or of BLAKE2b"));

    [TestCase("SUMS", "# WHIRLPOOL HASH")]
    [TestCase("SUMS", "# SHA3-512 HASH")]
    [TestCase("SUMS", "# BLAKE2s")]
    [TestCase("SUMS", "# SHA512/256")]
    [TestCase("whirlpool.txt", "")]
    [TestCase("a.iso.sha3-512", "")]
    [TestCase("SHA3-512SUMS", "")]
    public void Digest_of_an_unknown_kind_is_not_taken_for_another(string name, string comment) => Assert.That(
        () => Find(name, $"{comment}\n{Long}  a.iso\n{Sha256}  a.iso"),
        Throws.TypeOf<DownloadException>().With.Property("Kind").EqualTo(DownloadErrorKind.ChecksumInvalid).And.Message.Contains("no entry for 'a.iso'"));

    [TestCase("SHA512SUMS", "")]
    [TestCase("SUMS", "# SHA512 HASH")]
    public void Word_for_another_length_says_nothing(string name, string comment) =>
        Assert.That(Find(name, $"{comment}\n{Sha256}  a.iso").Algorithm, Is.EqualTo(ChecksumAlgorithm.Sha256));

    [TestCase("SUMS", "SHA512 (a.iso) = ", ChecksumAlgorithm.Sha512, 64)]
    [TestCase("SUMS", "BLAKE2b (a.iso) = ", ChecksumAlgorithm.Blake2b, 64)]
    [TestCase("SHA512SUMS", "", ChecksumAlgorithm.Sha512, 64)]
    [TestCase("SUMS", "", ChecksumAlgorithm.Sha256, 32)]
    [TestCase("SUMS", "", ChecksumAlgorithm.Sha1, 20)]
    [TestCase("SUMS", "", ChecksumAlgorithm.Md5, 16)]
    [TestCase("SUMS", "sha256-", ChecksumAlgorithm.Sha256, 32)]
    [TestCase("SUMS", "sha384-", ChecksumAlgorithm.Sha384, 48)]
    public void Digest_may_be_in_base64(string name, string before, ChecksumAlgorithm kind, int length)
    {
        byte[] digest = [.. Enumerable.Range(7, length).Select(i => (byte)(i * 37))];

        var found = Find(name, $"{before}{Convert.ToBase64String(digest)}{(before.EndsWith("= ", StringComparison.Ordinal) ? "" : "  a.iso")}");

        Assert.That(found, Is.EqualTo(new Checksum(kind, Convert.ToHexStringLower(digest))));
    }

    [TestCase("https://host/a.iso.sha256", "other-Build38.iso", true)]
    [TestCase("https://host/a.iso.sha256sum.txt", "other-Build38.iso", true)]
    [TestCase("https://host/a.iso.CHECKSUM", "other-Build38.iso", false)]
    [TestCase("https://host/b.iso.sha256", "other-Build38.iso", false)]
    [TestCase("https://other/a.iso.sha256", "other-Build38.iso", false)]
    [TestCase("https://host/sha256", "other-Build38.iso", false)]
    public void One_entry_of_a_list_beside_the_image_is_the_images(string list, string entry, bool isFound)
    {
        var image = RemoteUrl.Parse("https://host/a.iso");
        Checksum Find(string text) => ChecksumList.Parse(RemoteUrl.Parse(list), text).Find(image, null);

        if (isFound) Assert.That(Find($"{Sha256}  {entry}\n").Digest, Is.EqualTo(Sha256));
        else Assert.That(() => Find($"{Sha256}  {entry}\n"), Throws.TypeOf<DownloadException>().With.Message.Contains("no entry for 'a.iso'"));
        Assert.That(() => Find($"{Sha256}  {entry}\n{Sha256}  second.iso\n"), Throws.TypeOf<DownloadException>().With.Message.Contains("no entry for 'a.iso'"));
    }

    private static Checksum Find(string name, string text)
    {
        var image = RemoteUrl.Parse("https://host/dir/a.iso");
        return ChecksumList.Parse(RemoteUrl.Parse($"https://host/dir/{name}"), text).Find(image, null);
    }
}
