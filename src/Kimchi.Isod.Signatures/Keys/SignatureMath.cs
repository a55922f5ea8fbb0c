using System.Security.Cryptography;
using Kimchi.Isod.Signatures.Packets;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Kimchi.Isod.Signatures.Keys;

/// <summary>Whether a key has made a signature of a digest. It says nothing of who may sign what.</summary>
internal static class SignatureMath
{
    private const int Ed25519Size = 32;
    private const int Ed448Size = 57;

    /// <summary>Computes it; false also for what is no key and no signature.</summary>
    public static bool IsMadeBy(PublicKeyPacket key, SignaturePacket signature, byte[] digest)
    {
        if (Family(signature.KeyAlgorithm) != Family(key.Algorithm)) return false;
        try
        {
            var (keyReader, reader) = (new ByteReader(key.Material), new ByteReader(signature.Material));
            return Family(key.Algorithm) switch
            {
                KeyAlgorithm.Rsa => IsRsa(keyReader, reader, signature.Hash, digest),
                KeyAlgorithm.Ecdsa => IsEcdsa(keyReader, reader, digest),
                KeyAlgorithm.EdDsaLegacy => IsEdDsaLegacy(keyReader, reader, digest),
                KeyAlgorithm.Ed25519 => IsEd25519(keyReader.Take(Ed25519Size), reader.Take(2 * Ed25519Size), digest),
                KeyAlgorithm.Ed448 => IsEd448(keyReader.Take(Ed448Size), reader.Take(2 * Ed448Size), digest),
                _ => false,
            };
        }
        // What BouncyCastle throws at numbers that are none of a key: points off the curve, even moduli.
        catch (Exception e) when (e is MalformedException or ArgumentException or ArithmeticException or InvalidOperationException
            or FormatException or Org.BouncyCastle.Crypto.CryptoException)
        {
            return false;
        }
    }

    private static KeyAlgorithm Family(KeyAlgorithm algorithm) => algorithm is KeyAlgorithm.RsaSign ? KeyAlgorithm.Rsa : algorithm;

    // The padded digest is made here and compared as a whole (RFC 8017, section 8.2.2): nothing of the signature is parsed.
    private static bool IsRsa(ByteReader key, ByteReader signature, SignatureHash hash, byte[] digest)
    {
        var (modulus, exponent) = (Number(key), Number(key));
        var number = Number(signature);
        if (hash.RsaPrefix().IsEmpty || number.CompareTo(modulus) >= 0) return false;
        // Not by RsaEngine: it tries whether the modulus of each key is composite, 0.2 s for 4096 bits. Whose modulus it is, the keyring says.
        var found = number.ModPow(exponent, modulus).ToByteArrayUnsigned();
        return CryptographicOperations.FixedTimeEquals(found, Padded(hash, digest, (modulus.BitLength + 7) / 8));
    }

    // Without its first byte, which is 0, as the numbers are here.
    private static byte[] Padded(SignatureHash hash, byte[] digest, int length)
    {
        var prefix = hash.RsaPrefix();
        var padded = new byte[length - 1];
        padded.AsSpan().Fill(0xff);
        padded[0] = 1;
        digest.CopyTo(padded.AsSpan(padded.Length - digest.Length));
        var start = padded.Length - digest.Length - prefix.Length;
        prefix.CopyTo(padded.AsSpan(start));
        padded[start - 1] = 0;
        return padded;
    }

    private static bool IsEcdsa(ByteReader key, ByteReader signature, byte[] digest)
    {
        if (EllipticCurve.Take(key)?.Parameters is not { } curve) return false;
        var point = curve.Curve.DecodePoint(key.Number().ToArray());
        var signer = new ECDsaSigner();
        signer.Init(forSigning: false, new ECPublicKeyParameters(point, new ECDomainParameters(curve)));
        return signer.VerifySignature(digest, Number(signature), Number(signature));
    }

    private static bool IsEdDsaLegacy(ByteReader key, ByteReader signature, byte[] digest)
    {
        if (EllipticCurve.Take(key)?.Name is not EllipticCurve.Ed25519) return false;
        // 0x40 says that the point is in the form of its curve (RFC 9580, section 11.2).
        var point = key.Number();
        if (point.Length != 1 + Ed25519Size || point.Span[0] != 0x40) return false;
        var both = new byte[2 * Ed25519Size];
        foreach (var end in (int[])[Ed25519Size, 2 * Ed25519Size])
        {
            // Zeros before a number are not written.
            var half = signature.Number();
            if (half.Length > Ed25519Size) return false;
            half.Span.CopyTo(both.AsSpan(end - half.Length));
        }

        return IsEd25519(point[1..], both, digest);
    }

    private static bool IsEd25519(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> signature, byte[] digest)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: false, new Ed25519PublicKeyParameters(key.ToArray(), 0));
        signer.BlockUpdate(digest, 0, digest.Length);
        return signer.VerifySignature(signature.ToArray());
    }

    private static bool IsEd448(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> signature, byte[] digest)
    {
        var signer = new Ed448Signer([]);
        signer.Init(forSigning: false, new Ed448PublicKeyParameters(key.ToArray(), 0));
        signer.BlockUpdate(digest, 0, digest.Length);
        return signer.VerifySignature(signature.ToArray());
    }

    private static BigInteger Number(ByteReader reader) => new(1, reader.Number().ToArray());
}
