using Kimchi.Isod.Signatures.Packets;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;

namespace Kimchi.Isod.Signatures.Keys;

/// <summary>The curves that keys may be on (RFC 9580, section 9.2).</summary>
/// <param name="Name">As it is called in proofs.</param>
/// <param name="Id">Its object identifier.</param>
internal sealed record EllipticCurve(string Name, string Id)
{
    /// <summary>The name of the curve that keys of <see cref="KeyAlgorithm.EdDsaLegacy"/> are on.</summary>
    public const string Ed25519 = "ed25519";

    private static readonly (string Bytes, EllipticCurve Curve)[] Known =
    [
        ("2A8648CE3D030107", new EllipticCurve("p256", "1.2.840.10045.3.1.7")),
        ("2B81040022", new EllipticCurve("p384", "1.3.132.0.34")),
        ("2B81040023", new EllipticCurve("p521", "1.3.132.0.35")),
        ("2B2403030208010107", new EllipticCurve("brainpoolp256r1", "1.3.36.3.3.2.8.1.1.7")),
        ("2B240303020801010B", new EllipticCurve("brainpoolp384r1", "1.3.36.3.3.2.8.1.1.11")),
        ("2B240303020801010D", new EllipticCurve("brainpoolp512r1", "1.3.36.3.3.2.8.1.1.13")),
        ("2B06010401DA470F01", new EllipticCurve(Ed25519, "1.3.6.1.4.1.11591.15.1")),
    ];

    /// <summary>Its parameters; null for one that is not of Weierstrass' form.</summary>
    public X9ECParameters? Parameters
    {
        get
        {
            var id = new DerObjectIdentifier(Id);
            return CustomNamedCurves.GetByOid(id) ?? ECNamedCurveTable.GetByOid(id);
        }
    }

    /// <summary>Takes a curve off the front of a key; null for one that is not known.</summary>
    /// <exception cref="MalformedException">There is none.</exception>
    public static EllipticCurve? Take(ByteReader key)
    {
        var bytes = Convert.ToHexString(key.Take(key.Byte()).Span);
        return Known.FirstOrDefault(k => k.Bytes == bytes).Curve;
    }
}
