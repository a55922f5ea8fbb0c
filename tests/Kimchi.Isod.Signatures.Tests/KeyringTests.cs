using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Signatures.Packets;
using Kimchi.Isod.Signatures.Tests.Making;

namespace Kimchi.Isod.Signatures.Tests;

/// <summary>Files that are keyrings, and files that are none.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class KeyringTests
{
    private static readonly byte[] Content = "content"u8.ToArray();
    private static readonly TestKey Key = TestKey.Ed25519(Times.KeyMade);
    private static readonly TestKey Other = TestKey.Ed25519(Times.KeyMade);
    private static readonly TestKey Subkey = TestKey.Ed25519(Times.KeyMade);
    private static readonly byte[] Usual = TestCertificate.Usual(Key).Bytes;

    private static byte[] Signature => new Signing(Key).ToPacket(Content);

    // As 'cat key.gpg revocation.asc' makes it; and a key that is in two files of which one is older.
    [Test]
    public void Revocation_counts_wherever_it_stands([Values] bool isBehindAnother, [Values] bool isInSecondCopy)
    {
        var revocation = isInSecondCopy
            ? new TestCertificate(Key).WithRevocation().Bytes
            : new Signing(Key) { Type = SignatureType.KeyRevocation }.ToPacket(Policy.SignedStatements.Of(Key.Packet));
        byte[] between = isBehindAnother ? TestCertificate.Usual(Other).Bytes : [];

        Assert.That(Judge([.. Usual, .. between, .. revocation]), Does.Contain("the key is revoked"));
    }

    [Test]
    public void Revocation_of_a_subkey_counts_wherever_it_stands()
    {
        var revocation = new Signing(Key) { Type = SignatureType.SubkeyRevocation }.ToPacket(Policy.SignedStatements.Of(Key.Packet, Subkey.Packet));
        byte[] keyring = [.. TestCertificate.Usual(Key).WithSubkey(Subkey).Bytes, .. TestCertificate.Usual(Other).Bytes, .. revocation];

        Assert.That(Judge(keyring, new Signing(Subkey).ToPacket(Content)), Does.Contain("subkey is revoked"));
        Assert.That(Judge(keyring), Is.EqualTo(Judgement.Good), "the key itself is not");
    }

    [Test]
    public void Revocation_that_cannot_be_verified_counts([Values] bool isOfOldVersion)
    {
        byte[] revocation = isOfOldVersion
            ? [3, 5, (byte)SignatureType.KeyRevocation, .. new byte[20]]
            : [4, (byte)SignatureType.KeyRevocation, (byte)Key.Packet.Algorithm, 99, 0, 0, 0, 0, 0, 0];
        byte[] keyring = [.. Pgp.Packet(PacketTag.PublicKey, Key.Body), .. Pgp.Packet(PacketTag.Signature, revocation), .. Usual];

        Assert.That(Judge(keyring), Does.Contain("the key is revoked"));
    }

    // https://github.com/openpgpjs/openpgpjs/pull/808: who may revoke is believed of the key's own signatures only.
    [Test]
    public void Revocation_by_another_counts_where_the_key_allows_it([Values] bool isAllowed, [Values] bool isForged)
    {
        byte[] revoker = Pgp.Sub(SubpacketType.RevocationKey, [0x80, 22, .. Other.Packet.Fingerprint]);
        Signing Naming(Signing s) => s with { Hashed = [.. s.Hashed, revoker], Key = isForged ? Other : Key };
        var certificate = isAllowed ? new TestCertificate(Key).WithDirectSignature(Naming) : new TestCertificate(Key);
        var keyring = certificate.With(Usual).WithRevocation(s => s with { Key = Other }).Bytes;

        // The revocation stands behind the user id: revocations count anywhere.
        Assert.That(Judge(keyring), isAllowed && !isForged ? Does.Contain("the key is revoked") : Is.EqualTo(Judgement.Good));
    }

    // https://github.com/pgpainless/pgpainless/issues/334
    [Test]
    public void One_good_back_signature_of_several_is_enough()
    {
        var other = new Signing(Other) { Type = SignatureType.PrimaryKeyBinding }.Sign(Content);
        var keyring = TestCertificate.Usual(Key)
            .WithSubkey(Subkey, change: s => s with { Hashed = [.. s.Hashed, Pgp.Sub(SubpacketType.EmbeddedSignature, other)] }).Bytes;

        Assert.That(Judge(keyring, new Signing(Subkey).ToPacket(Content)), Is.EqualTo(Judgement.Good));
    }

    // https://github.com/rpgp/rpgp/issues/801
    [Test]
    public void Revocation_alone_binds_no_subkey()
    {
        var keyring = TestCertificate.Usual(Key).With(Pgp.Packet(PacketTag.PublicSubkey, Subkey.Body)).WithSubkeyRevocation(Subkey).Bytes;

        Assert.That(Judge(keyring, new Signing(Subkey).ToPacket(Content)), Does.Contain("revoked"));
    }

    [Test]
    public void Keys_of_version_6_sign([Values] bool isEd448, [Values(8, 9, 10)] int hashId)
    {
        var hash = (SignatureHash)hashId;
        var key = isEd448 ? TestKey.Ed448(Times.KeyMade) : TestKey.NewEd25519(Times.KeyMade, version: 6);
        var keyring = new TestCertificate(key).WithDirectSignature(s => s with { Hash = hash, Hashed = [Pgp.Flags(TestCertificate.Sign)] }).WithUserId(flags: null).Bytes;

        Assert.That(Judge(keyring, new Signing(key) { Hash = hash }.ToPacket(Content)), Is.EqualTo(Judgement.Good));
        Assert.That(Judge(keyring, new Signing(key) { Hash = hash }.ToPacket([.. Content, 0])), Does.Contain("is of something else"));
    }

    [Test]
    public void Old_and_new_forms_of_packets_and_unknown_ones_are_read()
    {
        var key = TestKey.NewEd25519(Times.KeyMade, version: 4);
        byte[] unknown = Pgp.NewPacket((PacketTag)60, [1, 2, 3]);
        byte[] old = Pgp.Packet(PacketTag.PublicKey, [3, .. new byte[20]]);

        Assert.That(Judge([.. unknown, .. old, .. Signature, .. TestCertificate.Usual(key).Bytes, .. unknown], new Signing(key).ToPacket(Content)), Is.EqualTo(Judgement.Good));
        Assert.That(Judge(Usual, [.. Pgp.NewPacket(PacketTag.Marker, "PGP"u8.ToArray()), .. Signature]), Is.EqualTo(Judgement.Good));
    }

    [Test]
    public void Weak_kinds_of_keys_are_named()
    {
        var dsa = TestKey.Dsa(Times.KeyMade);

        Assert.That(Judge(TestCertificate.Usual(dsa).Bytes, new Signing(dsa).ToPacket(Content)), Does.Contain("too weak: DSA"));
    }

    [Test]
    public void Subkey_of_a_weak_key_is_as_weak()
    {
        var weak = TestKey.Rsa(1024, Times.KeyMade);

        Assert.That(Judge(TestCertificate.Usual(weak).WithSubkey(Subkey).Bytes, new Signing(Subkey).ToPacket(Content)), Does.Contain("too weak: RSA of 1024 bits"));
    }

    [TestCase("", "it is empty")]
    [TestCase("no keyring", "no packet of OpenPGP")]
    [TestCase("-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----", "is wanted")]
    [TestCase("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n", "cut off")]
    [TestCase("-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----", "header")]
    [TestCase("\0\0\0\u0020\u0001\u0001\0\u0002KBXf\0\0\0\0", "keybox")]
    public void File_that_is_none_is_named(string content, string why) =>
        Assert.That(Judge(System.Text.Encoding.Latin1.GetBytes(content)), Does.Contain($"the keyring '{Judgement.Keyring}' cannot be used").And.Contain(why));

    // What is missing may be a revocation.
    [Test]
    public void Keyring_that_is_cut_off_is_refused() => Assert.That(Judge(Usual[..^1]), Does.Contain("it is cut off"));

    [Test]
    public void Keyring_that_is_not_there_is_named_with_those_that_are()
    {
        using var judgement = new Judgement(Usual);
        var failure = Assert.Throws<DownloadException>(() => judgement.Verifier.Verify(Content, Signature, new SignatureDemand("other.gpg", null)))!;

        Assert.That(failure.Kind, Is.EqualTo(DownloadErrorKind.SignatureInvalid));
        Assert.That(failure.Message, Does.Contain("'other.gpg'").And.Contain("(trust:keyrings); there are keyring.gpg"));
    }

    [Test]
    public void What_is_no_file_is_not_waited_for()
    {
        using var folder = new TemporaryDirectory("keyring");
        ChildProcess.Run("mkfifo", folder["pipe"]);
        Directory.CreateSymbolicLink(folder["link"], folder["pipe"]);
        Directory.CreateSymbolicLink(folder["nowhere"], folder["none"]);
        folder.Make("folder");
        var verifier = new OpenPgpVerifier(folder.Path, TimeProvider.System);

        foreach (var name in (string[])["pipe", "link", "nowhere", "folder"])
            Assert.That(() => verifier.Verify(Content, Signature, new SignatureDemand(name, null)), Throws.TypeOf<DownloadException>(), name);
    }

    [Test]
    public void Owner_is_shown_without_line_ends_and_in_bounds()
    {
        using var judgement = new Judgement(new TestCertificate(Key).WithUserId(owner: "a\nfaked line\u001b[2J" + new string('x', 2000)).Bytes);

        var proof = judgement.Verifier.Verify(Content, Signature, new SignatureDemand(Judgement.Keyring, null));

        Assert.That(proof.UserId, Does.StartWith("a\uFFFDfaked line\uFFFD[2Jx").And.Length.EqualTo(500));
    }

    [Test]
    public void Owner_s_own_mark_chooses_the_user_id_that_is_shown()
    {
        byte[] mark = Pgp.Sub(SubpacketType.IsPrimaryUserId, [1]);
        var keyring = new TestCertificate(Key).WithUserId(change: s => s with { Hashed = [.. s.Hashed, mark] }).WithUserId(change: s => s with { Created = Times.Later }, owner: "newer").Bytes;
        using var judgement = new Judgement(keyring);

        Assert.That(judgement.Verifier.Verify(Content, Signature, new SignatureDemand(Judgement.Keyring, null)).UserId, Does.StartWith("Release Team"));
    }

    [Test]
    public void Link_to_a_keyring_elsewhere_is_followed()
    {
        using var judgement = new Judgement(Usual);
        using var folder = new TemporaryDirectory("keyring");
        File.WriteAllBytes(folder["real"], Usual);
        File.CreateSymbolicLink(folder["link.gpg"], folder["real"]);

        new OpenPgpVerifier(folder.Path, TimeProvider.System).Verify(Content, Signature, new SignatureDemand("link.gpg", Key.Fingerprint));
    }

    private static string Judge(byte[] keyring, byte[]? signature = null)
    {
        using var judgement = new Judgement(keyring);
        return judgement.Ours(Content, signature ?? Signature);
    }
}
