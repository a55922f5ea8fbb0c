using Kimchi.Isod.Signatures.Packets;
using Kimchi.Isod.Signatures.Tests.Making;

namespace Kimchi.Isod.Signatures.Tests;

/// <summary>A signature with its keyring, and what is thought of it.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Keyring">The keyring.</param>
/// <param name="Signatures">Makes the file of signatures for a content.</param>
/// <param name="Fault">A part of our reason against it; null where it is good.</param>
/// <param name="Gpgv">What gpgv says, and its exit code, which is 0 for revoked and expired keys, and 2 for one good signature among others.</param>
/// <param name="Sqv">Whether it is good for sqv.</param>
/// <param name="Why">Why we think otherwise than one of them.</param>
public sealed record SignatureCase(
    string Name, byte[] Keyring, Func<byte[], byte[]> Signatures, string? Fault, string Gpgv, bool Sqv, string? Why = null);

/// <summary>The table.</summary>
internal static class SignatureCases
{
    private const string Good = "GOODSIG 0";

    private static readonly TestKey Key = TestKey.Ed25519(Times.KeyMade);
    private static readonly TestKey Other = TestKey.Ed25519(Times.KeyMade);
    private static readonly TestKey Subkey = TestKey.Ed25519(Times.KeyMade);
    private static readonly TestKey P256 = TestKey.P256(Times.KeyMade);
    private static readonly TestKey Rsa2048 = TestKey.Rsa(2048, Times.KeyMade);
    private static readonly TestKey Rsa1024 = TestKey.Rsa(1024, Times.KeyMade);

    private static readonly byte[] Usual = TestCertificate.Usual(Key).Bytes;

    public static IEnumerable<SignatureCase> All => [.. Keys, .. Signatures, .. Certificates, .. Subkeys, .. Revocations];

    private static IEnumerable<SignatureCase> Keys =>
    [
        new("ed25519", Usual, By(Key), null, Good, true),
        new("P-256", TestCertificate.Usual(P256).Bytes, By(P256), null, Good, true),
        new("RSA 2048 with SHA-512", TestCertificate.Usual(Rsa2048).Bytes, By(Rsa2048, s => s with { Hash = SignatureHash.Sha512 }), null, Good, true),
        new("RSA 1024", TestCertificate.Usual(Rsa1024).Bytes, By(Rsa1024), "too weak", Good, false, "gpgv takes RSA of any length"),
        new("armoured", Armored(Usual), c => Armored("SIGNATURE", By(Key)(c)), null, "ERRSIG 2", true, "gpgv wants binary keyrings"),
        new("several keys in a keyring", [.. TestCertificate.Usual(Other).Bytes, .. Usual], By(Key), null, Good, true),
        new("wrong key", TestCertificate.Usual(Other).Bytes, By(Key), "not in the keyring", "ERRSIG 2", false),
    ];

    private static IEnumerable<SignatureCase> Signatures =>
    [
        new("altered text", Usual, c => By(Key)([.. c, 0]), "is of something else", "BADSIG 1", false),
        new("SHA-1", Usual, By(Key, s => s with { Hash = SignatureHash.Sha1 }), "SHA-2", Good, false, "gpgv takes SHA-1"),
        new("text", Usual, By(Key, s => s with { Type = SignatureType.Text }), null, Good, true),
        new("of the future", Usual, By(Key, s => s with { Created = Times.Future }), "of the future", "GOODSIG 0", false, "gpgv only warns"),
        new("void by now", Usual, By(Key, s => s with { Hashed = [Pgp.Lifetime(Times.Year)] }), "good until", "EXPSIG 1", false),
        new("older than its key", Usual, By(Key, s => s with { Created = Times.KeyMade.AddDays(-1) }), "older than its key", "ERRSIG 2", false),
        new("time not signed", Usual, By(Key, s => s with { Created = null, Unhashed = [Pgp.Created(Times.Signed)] }), "does not say in what is signed when", "ERRSIG 2", false),
        new("critical notation", Usual, By(Key, s => s with { Hashed = [Pgp.Notation("must@example.org", isCritical: true)] }), "critical", "BADSIG 1", false),
        new("notation", Usual, By(Key, s => s with { Hashed = [Pgp.Notation("may@example.org", isCritical: false)] }), null, Good, true),
        new("critical statement that nobody knows", Usual, By(Key, s => s with { Hashed = [Pgp.Sub((SubpacketType)100, [1], isCritical: true)] }), "critical", "BADSIG 1", false),
        new("several, one unknown", Usual, c => [.. By(Other)(c), .. By(Key)(c)], null, "ERRSIG+GOODSIG 2", true),
        new("several, one damaged", Usual, c => [.. Pgp.Packet(PacketTag.Signature, [4, 0, 22]), .. By(Key)(c)], null, "ERRSIG+GOODSIG 2", false, "a damaged signature spoils no other; sqv reads all or nothing"),
        new("several, one cut off", Usual, c => [.. By(Key)(c), .. By(Other)(c)[..40]], null, "GOODSIG 2", false, "what can be read is good; sqv reads all or nothing"),
        new("issuer not named", Usual, By(Key, s => s with { NamesIssuer = false }), "does not say which key", "ERRSIG 2", false),
        new("issuer named without a signature", Usual, By(Key, s => s with { NamesIssuer = false, Unhashed = [Pgp.IssuerNumber(Key)] }), null, Good, true),
    ];

    private static IEnumerable<SignatureCase> Certificates =>
    [
        new("self-certified with SHA-1", Cert(c => c.WithUserId(change: s => s with { Hash = SignatureHash.Sha1 })), By(Key), "has not certified itself", Good, false, "gpgv takes SHA-1"),
        new("not certified", Cert(c => c), By(Key), "has not certified itself", "ERRSIG 2", false),
        new("certified by somebody else", Cert(c => c.WithUserId(change: s => s with { Key = Other })), By(Key), "has not certified itself", "ERRSIG 2", false),
        new("may not sign", Cert(c => c.WithUserId(TestCertificate.Certify)), By(Key), "may not sign", "ERRSIG 2", false),
        new("without flags", Cert(c => c.WithUserId(flags: null)), By(Key), "may not sign", Good, false, "gpgv lets a key without flags do all"),
        new("expired since", Cert(c => c.WithUserId(change: Expiring(3))), By(Key), null, "EXPKEYSIG 0", true, "it was good when it signed: gpgv judges the key as of now"),
        new("expired before", Cert(c => c.WithUserId(change: Expiring(1))), By(Key), "expired when it signed", "EXPKEYSIG 0", false),
        new("prolonged", Cert(c => c.WithUserId(change: Expiring(1)).WithCertification(s => s with { Created = Times.Later })), By(Key), null, Good, false, "sqv asks for a certification that is older than the signature"),
        new("user id revoked", Cert(c => c.WithUserId().WithUserIdRevocation()), By(Key), "has not certified itself", Good, true, "it is not said any more whose key it is"),
        new("user id revoked and certified again", Cert(c => c.WithUserId().WithUserIdRevocation().WithCertification(s => s with { Created = Times.Later.AddDays(1) })), By(Key), null, Good, true),
        new("certified directly", Cert(c => c.WithDirectSignature(s => s with { Hashed = [Pgp.Flags(TestCertificate.Sign)] })), By(Key), null, Good, true),
    ];

    private static IEnumerable<SignatureCase> Subkeys =>
    [
        new("subkey", Cert(c => c.WithUserId().WithSubkey(Subkey)), By(Subkey), null, Good, true),
        new("subkey without back-signature", Cert(c => c.WithUserId().WithSubkey(Subkey, hasBack: false)), By(Subkey), "back-signature", "ERRSIG 2", false),
        new("subkey with a back-signature of another", Cert(c => c.WithUserId().WithSubkey(Subkey, changeBack: s => s with { Key = Other })), By(Subkey), "back-signature", "ERRSIG 2", false),
        new("subkey with a back-signature of SHA-1", Cert(c => c.WithUserId().WithSubkey(Subkey, changeBack: s => s with { Hash = SignatureHash.Sha1 })), By(Subkey), "back-signature", Good, false, "gpgv takes SHA-1"),
        new("subkey bound with SHA-1", Cert(c => c.WithUserId().WithSubkey(Subkey, change: s => s with { Hash = SignatureHash.Sha1 })), By(Subkey), "does not have the subkey", Good, false, "gpgv takes SHA-1"),
        new("subkey bound by nobody", Cert(c => c.WithUserId().With(Pgp.Packet(PacketTag.PublicSubkey, Subkey.Body))), By(Subkey), "does not have the subkey", "ERRSIG 2", false),
        new("subkey that encrypts", Cert(c => c.WithUserId().WithSubkey(Subkey, TestCertificate.Encrypt)), By(Subkey), "subkey may not sign", "ERRSIG 2", false),
        new("subkey expired before", Cert(c => c.WithUserId().WithSubkey(Subkey, change: Expiring(1))), By(Subkey), "subkey was expired", "EXPKEYSIG 0", false),
        new("subkey of an expired key", Cert(c => c.WithUserId(change: Expiring(1)).WithSubkey(Subkey)), By(Subkey), "expired when it signed", "EXPKEYSIG 0", false),
    ];

    private static IEnumerable<SignatureCase> Revocations =>
    [
        new("revoked", Cert(c => c.WithRevocation(Reason(2)).WithUserId()), By(Key), "revoked", "REVKEYSIG 0", false),
        new("retired later", Cert(c => c.WithRevocation(Reason(3)).WithUserId()), By(Key), "revoked", "REVKEYSIG 0", true, "never: who has it dates back"),
        new("revoked with SHA-1", Cert(c => c.WithRevocation(s => s with { Hash = SignatureHash.Sha1 }).WithUserId()), By(Key), "revoked", "REVKEYSIG 0", false),
        new("revoked by somebody else", Cert(c => c.WithRevocation(s => s with { Key = Other }).WithUserId()), By(Key), null, Good, true),
        new("subkey revoked", Cert(c => c.WithUserId().WithSubkey(Subkey).WithSubkeyRevocation(Subkey)), By(Subkey), "subkey is revoked", "REVKEYSIG 0", false),
        new("other subkey revoked", Cert(c => c.WithUserId().WithSubkey(Other).WithSubkeyRevocation(Other).WithSubkey(Subkey)), By(Subkey), null, Good, true),
        new("subkey of a revoked key", Cert(c => c.WithRevocation(Reason(2)).WithUserId().WithSubkey(Subkey)), By(Subkey), "the key is revoked", "REVKEYSIG 0", false),
    ];

    private static byte[] Cert(Func<TestCertificate, TestCertificate> make) => make(new TestCertificate(Key)).Bytes;

    private static Func<byte[], byte[]> By(TestKey key, Func<Signing, Signing>? change = null) =>
        content => (change?.Invoke(new Signing(key)) ?? new Signing(key)).ToPacket(content);

    private static Func<Signing, Signing> Expiring(int years) => s => s with { Hashed = [.. s.Hashed, Pgp.KeyLifetime(years * Times.Year)] };

    private static Func<Signing, Signing> Reason(int code) => s => s with { Hashed = [Pgp.Sub(SubpacketType.RevocationReason, [(byte)code])] };

    private static byte[] Armored(byte[] keyring) => Armored("PUBLIC KEY BLOCK", keyring);

    private static byte[] Armored(string kind, byte[] packets) => System.Text.Encoding.ASCII.GetBytes(Pgp.Armor(kind, packets));
}
