namespace Kimchi.Isod.Signatures.Packets;

/// <summary>The kinds of keys (RFC 9580, section 9.1).</summary>
internal enum KeyAlgorithm
{
    /// <summary>RSA.</summary>
    Rsa = 1,

    /// <summary>RSA, for signatures only.</summary>
    RsaSign = 3,

    /// <summary>ElGamal, for encryption only.</summary>
    ElGamal = 16,

    /// <summary>DSA.</summary>
    Dsa = 17,

    /// <summary>ECDSA.</summary>
    Ecdsa = 19,

    /// <summary>EdDSA, as before RFC 9580.</summary>
    EdDsaLegacy = 22,

    /// <summary>Ed25519.</summary>
    Ed25519 = 27,

    /// <summary>Ed448.</summary>
    Ed448 = 28,
}
