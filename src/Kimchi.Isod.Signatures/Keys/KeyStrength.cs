using System.Globalization;
using System.Numerics;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Keys;

/// <summary>What kind of key it is and how long.</summary>
/// <param name="Name">Such as <c>rsa4096</c>.</param>
/// <param name="Weakness">Why it is too weak to prove anything; null where it is not.</param>
internal sealed record KeyStrength(string Name, string? Weakness)
{
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 16_384;

    // 65537 everywhere. A long one costs whoever verifies minutes.
    private const int MostExponentBits = 64;

    /// <summary>Judges a key.</summary>
    public static KeyStrength Of(PublicKeyPacket key)
    {
        try
        {
            return key.Algorithm switch
            {
                KeyAlgorithm.Rsa or KeyAlgorithm.RsaSign => OfRsa(new ByteReader(key.Material)),
                KeyAlgorithm.Ecdsa => OfCurve(EllipticCurve.Take(new ByteReader(key.Material)), isEdwards: false),
                KeyAlgorithm.EdDsaLegacy => OfCurve(EllipticCurve.Take(new ByteReader(key.Material)), isEdwards: true),
                KeyAlgorithm.Ed25519 => new KeyStrength(EllipticCurve.Ed25519, null),
                KeyAlgorithm.Ed448 => new KeyStrength("ed448", null),
                KeyAlgorithm.Dsa => new KeyStrength("dsa", "DSA"),
                KeyAlgorithm.ElGamal => new KeyStrength("elgamal", "ElGamal"),
                _ => new KeyStrength($"algorithm {(int)key.Algorithm}", $"of the kind {(int)key.Algorithm}, which does not sign or is not known"),
            };
        }
        catch (MalformedException e)
        {
            return new KeyStrength("unreadable", $"unreadable ({e.Message})");
        }
    }

    private static KeyStrength OfRsa(ByteReader key)
    {
        var bits = BitLength(key.Number());
        var exponentBits = BitLength(key.Number());
        var name = string.Create(CultureInfo.InvariantCulture, $"rsa{bits}");
        return new KeyStrength(name, bits is >= LeastRsaBits and <= MostRsaBits && exponentBits is > 1 and <= MostExponentBits
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"RSA of {bits} bits with an exponent of {exponentBits}; from {LeastRsaBits} to {MostRsaBits} bits count"));
    }

    private static KeyStrength OfCurve(EllipticCurve? curve, bool isEdwards) =>
        curve is null || (curve.Name is EllipticCurve.Ed25519) != isEdwards
            ? new KeyStrength("unknown curve", "on a curve that is not known")
            : new KeyStrength(isEdwards ? curve.Name : "ecdsa-" + curve.Name, null);

    private static int BitLength(ReadOnlyMemory<byte> number) => (int)new BigInteger(number.Span, isUnsigned: true, isBigEndian: true).GetBitLength();
}
