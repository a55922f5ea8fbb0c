using Kimchi.Isoctl.Display;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Tests;

/// <summary>What was proven of an image, as users see it.</summary>
public sealed class VerificationTextTests
{
    private static readonly Verification Checksum = new() { Kind = VerificationKind.Checksum, Algorithm = "sha512" };
    private static readonly Verification Signature = new()
    {
        Kind = VerificationKind.Signature,
        Algorithm = "rsa4096-sha512",
        Fingerprint = "DF9B9C49EAA9298432589D76DA87E80D6294BE9B",
        UserId = "Team <team@example.org>",
        SignedAt = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero),
    };

    [Test]
    public void Given_checksum_is_described() => Assert.That(VerificationText.Describe(Checksum), Is.EqualTo("checksum sha512"));

    [Test]
    public void Checksum_of_a_list_names_it() => Assert.That(
        VerificationText.Describe(Checksum with { ListUrl = "https://host/SHA512SUMS" }), Is.EqualTo("checksum sha512, from the list https://host/SHA512SUMS"));

    [Test]
    public void Signature_of_a_list_names_key_owner_and_list() => Assert.That(
        VerificationText.Describe(Signature with { ListUrl = "https://host/SHA512SUMS" }),
        Is.EqualTo("signature rsa4096-sha512 of 2026-01-31 by DF9B9C49EAA9298432589D76DA87E80D6294BE9B (Team <team@example.org>), of the list https://host/SHA512SUMS"));

    [Test]
    public void Signature_of_an_image_by_a_key_without_owner_is_described() => Assert.That(
        VerificationText.Describe(Signature with { UserId = null }),
        Is.EqualTo("signature rsa4096-sha512 of 2026-01-31 by DF9B9C49EAA9298432589D76DA87E80D6294BE9B"));

    [Test]
    public void Table_has_kinds_or_a_dash()
    {
        Assert.That(VerificationText.Summarize(Samples.Completed), Is.EqualTo("-"));
        Assert.That(VerificationText.Summarize(Samples.Completed with { Verified = [Checksum, Signature] }), Is.EqualTo("signature, checksum"));
    }
}
