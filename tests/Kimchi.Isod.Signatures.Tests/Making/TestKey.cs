using System.Security.Cryptography;
using Kimchi.Isod.Signatures.Packets;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;

namespace Kimchi.Isod.Signatures.Tests.Making;

/// <summary>A key pair that signs whatever it is asked to.</summary>
internal sealed class TestKey
{
    private static readonly byte[] Ed25519Curve = [9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1];
    private static readonly byte[] P256Curve = [8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

    private readonly Func<SignatureHash, byte[], byte[]> _sign;

    private TestKey(KeyAlgorithm algorithm, byte[] material, DateTimeOffset created, Func<SignatureHash, byte[], byte[]> sign, int version = 4)
    {
        _sign = sign;
        Version = version;
        byte[] length = version == 6 ? Pgp.FourBytes(material.Length) : [];
        Body = [(byte)version, .. Pgp.Seconds(created), (byte)algorithm, .. length, .. material];
        Packet = PublicKeyPacket.Read(Body);
    }

    public int Version { get; }

    public byte[] Body { get; }

    public PublicKeyPacket Packet { get; }

    public string Fingerprint => Packet.FingerprintText;

    public byte[] Sign(SignatureHash hash, byte[] digest) => _sign(hash, digest);

    public static TestKey Ed25519(DateTimeOffset created)
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        return new TestKey(KeyAlgorithm.EdDsaLegacy, [.. Ed25519Curve, .. Pgp.Number([0x40, .. key.GeneratePublicKey().GetEncoded()])], created, (_, digest) =>
        {
            var signature = Sign(key, digest);
            return [.. Pgp.Number(signature.AsSpan(..32)), .. Pgp.Number(signature.AsSpan(32..))];
        });
    }

    /// <summary>As RFC 9580 has it.</summary>
    public static TestKey NewEd25519(DateTimeOffset created, int version)
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        return new TestKey(KeyAlgorithm.Ed25519, key.GeneratePublicKey().GetEncoded(), created, (_, digest) => Sign(key, digest), version);
    }

    public static TestKey Ed448(DateTimeOffset created)
    {
        var key = new Ed448PrivateKeyParameters(new SecureRandom());
        return new TestKey(KeyAlgorithm.Ed448, key.GeneratePublicKey().GetEncoded(), created, (_, digest) =>
        {
            var signer = new Ed448Signer([]);
            signer.Init(forSigning: true, key);
            signer.BlockUpdate(digest, 0, digest.Length);
            return signer.GenerateSignature();
        }, version: 6);
    }

    public static TestKey Rsa(int bits, DateTimeOffset created)
    {
        var key = RSA.Create(bits);
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new TestKey(
            KeyAlgorithm.Rsa, [.. Pgp.Number(numbers.Modulus), .. Pgp.Number(numbers.Exponent)], created,
            (hash, digest) => Pgp.Number(key.SignHash(digest, new HashAlgorithmName(hash.ToString().ToUpperInvariant()), RSASignaturePadding.Pkcs1)));
    }

    public static TestKey P256(DateTimeOffset created)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new TestKey(KeyAlgorithm.Ecdsa, [.. P256Curve, .. Pgp.Number([4, .. point.X!, .. point.Y!])], created, (_, digest) =>
        {
            var signature = key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return [.. Pgp.Number(signature.AsSpan(..32)), .. Pgp.Number(signature.AsSpan(32..))];
        });
    }

    /// <summary>One that nobody has: it is refused before anything is computed.</summary>
    public static TestKey Dsa(DateTimeOffset created)
    {
        byte[] number = Pgp.Number([0x83, .. new byte[126], 1]);
        return new TestKey(KeyAlgorithm.Dsa, [.. number, .. number, .. number, .. number], created, (_, _) => [.. number, .. number]);
    }

    private static byte[] Sign(Ed25519PrivateKeyParameters key, byte[] digest)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: true, key);
        signer.BlockUpdate(digest, 0, digest.Length);
        return signer.GenerateSignature();
    }
}
