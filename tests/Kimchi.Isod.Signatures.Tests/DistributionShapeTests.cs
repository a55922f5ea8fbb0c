using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Signatures.Tests;

/// <summary>Lists and signatures in the forms in which distributions publish theirs, made with keys of our own.</summary>
public sealed class DistributionShapeTests
{
    private const string Image = "image-13.1-amd64.iso";
    private const string Folder = "https://host/pub/13.1/";

    private static readonly byte[] Content = "an image"u8.ToArray();
    private static readonly string Sha256 = Convert.ToHexStringLower(SHA256.HashData(Content));
    private static readonly string Sha512 = Convert.ToHexStringLower(SHA512.HashData(Content));
    private static readonly string Other = new('0', 64);

    private readonly GpgHome _gpg = new();
    private readonly TemporaryDirectory _files = new("shapes");
    private OpenPgpVerifier _verifier = null!;

    [OneTimeSetUp]
    public async Task MakeKeysAsync()
    {
        await _gpg.MakeKeyAsync("distribution");
        await _gpg.MakeKeyAsync("former");
        await _gpg.ExportAsync(_files["keyring.gpg"], isArmored: false, "distribution");
        _verifier = new OpenPgpVerifier(_files.Path, TimeProvider.System);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        _gpg.Dispose();
        _files.Dispose();
    }

    // Debian: SHA512SUMS and SHA512SUMS.sign; Kali: SHA256SUMS and SHA256SUMS.gpg; Linux Mint: sha256sum.txt and sha256sum.txt.gpg.
    [TestCase("SHA512SUMS", "{512}  image-13.1-amd64.iso\n")]
    [TestCase("SHA256SUMS", "{0}  other.iso\n{256}  image-13.1-amd64.iso\n")]
    [TestCase("sha256sum.txt", "{256} *image-13.1-amd64.iso\n")]
    public async Task List_with_an_armoured_signature_beside_it(string name, string list)
    {
        var bytes = Write(list);
        var signature = await SignAsync("distribution", "--armor", "--digest-algo", "SHA512", "--detach-sign");

        var proof = _verifier.Verify(bytes, signature, Demand());

        Assert.That(proof.Algorithm, Is.EqualTo("ed25519-sha512"));
        AssertFound(name, bytes);
    }

    // Ubuntu: the keys of two times have signed, and only one of them is known.
    [Test]
    public async Task List_with_signatures_of_two_keys()
    {
        var bytes = Write("{256} *image-13.1-amd64.iso\n");
        var signatures = await _gpg.SignAsync(_files["list"], "former", "--local-user", "distribution", "--armor", "--detach-sign");

        Assert.That(_verifier.Verify(bytes, signatures, Demand()).UserId, Is.EqualTo("distribution"));
        AssertFound("SHA256SUMS", bytes);
    }

    // Fedora, AlmaLinux, Rocky Linux: CHECKSUM; openSUSE: image.iso.sha256; FreeBSD: CHECKSUM.SHA512-13.1-RELEASE-amd64.asc; Gentoo: DIGESTS.
    [TestCase("Fedora-Server-13.1-CHECKSUM", "# image-13.1-amd64.iso: 8 bytes\nSHA256 (image-13.1-amd64.iso) = {256}\n")]
    [TestCase("CHECKSUM", "# other.iso: 8 bytes\nSHA256 (other.iso) = {0}\n# image-13.1-amd64.iso: 8 bytes\nSHA256 (image-13.1-amd64.iso) = {256}\n")]
    [TestCase("image-13.1-amd64.iso.sha256", "{256}  image-13.1-amd64-Build7.2-Media.iso\n")]
    [TestCase("CHECKSUM.SHA512-13.1-RELEASE-amd64.asc", "SHA512 (image-13.1-amd64.iso) = {512}\nSHA512 (image-13.1-amd64.iso.xz) = {512}\n")]
    [TestCase("image-13.1-amd64.iso.DIGESTS", "# BLAKE2B HASH\n{x}  image-13.1-amd64.iso\n# SHA512 HASH\n{512}  image-13.1-amd64.iso\n")]
    public async Task List_with_its_signature_in_it(string name, string list)
    {
        Write(list);
        var message = await SignAsync("distribution", "--digest-algo", "SHA256", "--clear-sign");

        var (text, proof) = _verifier.VerifyClearSigned(message, Demand());

        Assert.That(proof.Algorithm, Is.EqualTo("ed25519-sha256"));
        AssertFound(name, text);
        message[^200] ^= 1;
        Assert.That(() => _verifier.VerifyClearSigned(message, Demand()), Throws.Exception);
    }

    // Arch Linux: image.iso.sig; Qubes OS, openSUSE: image.iso.asc.
    [Test]
    public async Task Image_with_its_own_signature([Values] bool isArmored)
    {
        File.WriteAllBytes(_files["list"], Content);
        var signature = await SignAsync("distribution", isArmored ? "--armor" : "--no-armor", "--detach-sign");

        var prepared = _verifier.Prepare(signature, Demand());
        using var digest = new ImageDigest(prepared.Starts);
        digest.Append(Content);

        Assert.That(_verifier.Verify(prepared, new SignedImage(digest)).Fingerprint, Is.EqualTo(_gpg.FingerprintAsync("distribution").Result));
        digest.Append([0]);
        Assert.That(() => _verifier.Verify(prepared, new SignedImage(digest)), Throws.Exception.With.Property("Kind").EqualTo(Core.Errors.DownloadErrorKind.SignatureMismatch));
    }

    private static void AssertFound(string name, byte[] text)
    {
        var list = ChecksumList.Parse(RemoteUrl.Parse(Folder + name), ChecksumFile.Decode(text));
        Assert.That(list.Find(RemoteUrl.Parse(Folder + Image), null).Digest, Is.EqualTo(Sha256).Or.EqualTo(Sha512));
    }

    private static SignatureDemand Demand() => new("keyring.gpg", null);

    private byte[] Write(string list)
    {
        var text = list.Replace("{256}", Sha256, StringComparison.Ordinal).Replace("{512}", Sha512, StringComparison.Ordinal)
            .Replace("{0}", Other, StringComparison.Ordinal).Replace("{x}", "damaged", StringComparison.Ordinal);
        File.WriteAllText(_files["list"], text);
        return Encoding.ASCII.GetBytes(text);
    }

    private Task<byte[]> SignAsync(string key, params string[] how) => _gpg.SignAsync(_files["list"], key, how);
}
