using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Signatures.Tests;

/// <summary>Keys and signatures as GnuPG makes them.</summary>
public sealed class GpgKeyTests
{
    private const string Text = "- first, with a dash\n-----BEGIN PGP SIGNATURE----- of nothing\nFrom here on  \nblanks \t \n\n-\n";

    private static readonly string[] Kinds = ["rsa2048", "rsa4096", "ed25519", "nistp256", "brainpoolP256r1"];

    private readonly GpgHome _gpg = new();
    private readonly TemporaryDirectory _files = new("signed");
    private OpenPgpVerifier _verifier = null!;

    [OneTimeSetUp]
    public async Task MakeKeysAsync()
    {
        // One after the other: those who write into a new keybox at the same time damage it.
        foreach (var kind in Kinds) await _gpg.MakeKeyAsync(kind, kind);
        await _gpg.MakeKeyAsync("with-subkey", usage: "cert");
        await _gpg.AddSubkeyAsync("with-subkey", "ed25519");
        await _gpg.MakeKeyAsync("expired", expires: "20210101T000000", madeAt: "20200101T000000");
        await _gpg.MakeKeyAsync("revoked");
        File.WriteAllText(_files["list"], Text);
        await _gpg.ExportAsync(_files["all.gpg"], isArmored: false);
        await _gpg.ExportAsync(_files["all.asc"], isArmored: true);
        _verifier = new OpenPgpVerifier(_files.Path, TimeProvider.System);
    }

    [OneTimeTearDown]
    public void Delete()
    {
        _gpg.Dispose();
        _files.Dispose();
    }

    [TestCase("rsa2048", "rsa2048-")]
    [TestCase("rsa4096", "rsa4096-")]
    [TestCase("ed25519", "ed25519-")]
    [TestCase("nistp256", "ecdsa-p256-")]
    [TestCase("brainpoolP256r1", "ecdsa-brainpoolp256r1-")]
    [TestCase("with-subkey", "ed25519-")]
    public async Task Detached_signature_is_good(string key, string algorithm)
    {
        var proof = Verify(await SignAsync(key, "--armor", "--detach-sign"), new SignatureDemand("all.gpg", null));

        Assert.That(proof.Algorithm, Does.StartWith(algorithm + "sha"));
        Assert.That(proof.UserId, Is.EqualTo(key));
        Assert.That(proof.Fingerprint, Is.EqualTo(await _gpg.FingerprintAsync(key)), "the primary key's");
        Assert.That(proof.SignedAt, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public async Task Keyring_and_signature_may_be_binary_or_armoured([Values("all.gpg", "all.asc")] string keyring, [Values] bool isArmored) =>
        Verify(await SignAsync("ed25519", isArmored ? "--armor" : "--no-armor", "--detach-sign"), new SignatureDemand(keyring, null));

    [Test]
    public async Task Signature_of_a_text_is_good_however_its_lines_end()
    {
        var signature = await SignAsync("ed25519", "--textmode", "--detach-sign");

        _verifier.Verify(Encoding.ASCII.GetBytes(Text.ReplaceLineEndings("\r\n")), signature, new SignatureDemand("all.gpg", null));
    }

    [Test]
    public async Task Clear_signed_text_is_given_without_escapes_and_blanks([Values] bool isTransferredByWindows)
    {
        var message = Encoding.ASCII.GetString(await SignAsync("rsa2048", "--clear-sign"));
        if (isTransferredByWindows) message = message.ReplaceLineEndings("\r\n");

        var (text, proof) = _verifier.VerifyClearSigned(Encoding.ASCII.GetBytes(message), new SignatureDemand("all.gpg", null));

        Assert.That(Encoding.ASCII.GetString(text), Is.EqualTo("- first, with a dash\n-----BEGIN PGP SIGNATURE----- of nothing\nFrom here on\nblanks\n\n-"));
        Assert.That(proof.UserId, Is.EqualTo("rsa2048"));
    }

    [Test]
    public async Task Fingerprint_restricts_to_one_key()
    {
        var (own, other) = (await _gpg.FingerprintAsync("with-subkey"), await _gpg.FingerprintAsync("ed25519"));
        var signature = await SignAsync("with-subkey", "--detach-sign");

        Verify(signature, new SignatureDemand("all.gpg", own));
        Assert.That(() => Verify(signature, new SignatureDemand("all.gpg", other)), Refused("is not the one that was asked for"));
    }

    [Test]
    public async Task Key_that_is_expired_now_is_good_for_what_it_signed_before()
    {
        var before = await SignAsync("expired", "--faked-system-time", "20200601T000000", "--detach-sign");

        Assert.That(Verify(before, new SignatureDemand("all.gpg", null)).SignedAt.Year, Is.EqualTo(2020));
    }

    [Test]
    public async Task Revoked_key_is_good_for_nothing_that_it_has_signed()
    {
        var signature = await SignAsync("revoked", "--detach-sign");
        Verify(signature, new SignatureDemand("all.gpg", null));
        await _gpg.RevokeAsync("revoked");
        await _gpg.ExportAsync(_files["revoked.gpg"], isArmored: false, "revoked");
        Assert.That(() => Verify(signature, new SignatureDemand("revoked.gpg", null)), Refused("the key is revoked"));
    }

    [Test]
    public async Task Signed_message_is_no_detached_signature()
    {
        Assert.That(() => Verify(SignAsync("ed25519", "--clear-sign").Result, new SignatureDemand("all.gpg", null)), Refused("it is a signed message"));
        var inline = await SignAsync("ed25519", "--compress-algo", "none", "--sign");
        Assert.That(() => Verify(inline, new SignatureDemand("all.gpg", null)), Refused("something else than signatures"));
    }

    [Test]
    public async Task Secret_keys_are_not_taken_for_a_keyring()
    {
        await _gpg.RunAsync("--output", _files["secret.gpg"], "--export-secret-keys", "ed25519");

        Assert.That(() => Verify([], new SignatureDemand("secret.gpg", null)), Refused("secret key"));
    }

    private SignatureProof Verify(byte[] signature, SignatureDemand demand) => _verifier.Verify(Encoding.ASCII.GetBytes(Text), signature, demand);

    private Task<byte[]> SignAsync(string key, params string[] how) => _gpg.SignAsync(_files["list"], key, how);

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string why) => Throws.TypeOf<DownloadException>()
        .With.Property("Kind").EqualTo(DownloadErrorKind.SignatureInvalid).And.Message.Contains(why);
}
