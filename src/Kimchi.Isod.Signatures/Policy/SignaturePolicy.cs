using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Policy;

/// <summary>What makes a signature good. BouncyCastle computes whether a key has made it; all that is to be known beside that is here, and in the
/// section SIGNATURES of kimchi-isod(8).</summary>
/// <remarks>
/// <list type="number">
/// <item>One good signature is enough, by a key of the keyring that was named. Others beside it, by keys that are not in it or that cannot be
/// read, say nothing either way.</item>
/// <item>Signatures, and the self-signatures that a key stands on, are of version 4 or 6, with a SHA-2 digest of 256 bits or more.</item>
/// <item>Only what is signed counts: the time, the flags, the lifetime. What stands in the unhashed part chooses which key is tried, and holds
/// back-signatures, which prove themselves.</item>
/// <item>A statement that is marked critical and not known here makes a signature void; so does every critical notation, for none is known.</item>
/// <item>A signature has a time, which is not in the future, not before the key was made, and not so long ago that it says itself that it is
/// void by now.</item>
/// <item>The primary key has certified itself: by a user id of its own that is not revoked, or directly.</item>
/// <item>A subkey is bound by the primary key, and has signed that it belongs to it (its back-signature).</item>
/// <item>The key that signed has the flag that it may sign. A key without flags may not.</item>
/// <item>Keys are RSA of 2048 to 16,384 bits, ECDSA on the curves of NIST or Brainpool, Ed25519 or Ed448; the primary key, too. DSA,
/// ElGamal and shorter RSA never.</item>
/// <item>A revoked key or subkey never, whatever the reason and the time of the revocation: who has stolen a key dates signatures back. What
/// looks like a revocation by the key, and cannot be verified for its old version or its digest, counts as one; one that is refuted does
/// not. So does one by somebody who the key names as entitled to it.</item>
/// <item>Keys must not be expired at the time of the signature, by the newest self-signature. That they are now is nothing: images stay
/// published for longer than keys last.</item>
/// <item>The fingerprint that was asked for, if any, is that of the primary key, in full.</item>
/// </list>
/// </remarks>
internal static class SignaturePolicy
{
    /// <summary>How many signatures of a file are looked at.</summary>
    public const int MostSignatures = 32;

    private const int MaySign = 0x02;

    private static readonly SubpacketType[] KnownOfData =
    [
        SubpacketType.Created, SubpacketType.Expires, SubpacketType.Exportable, SubpacketType.Revocable, SubpacketType.Issuer, SubpacketType.IssuerFingerprint,
        SubpacketType.Policy, SubpacketType.SignersUserId,
    ];

    private static readonly SubpacketType[] KnownOfKeys =
    [
        .. KnownOfData, SubpacketType.KeyExpires, SubpacketType.KeyFlags, SubpacketType.Features, SubpacketType.IsPrimaryUserId, SubpacketType.RevocationKey,
        SubpacketType.EmbeddedSignature, SubpacketType.SymmetricPreferences, SubpacketType.HashPreferences, SubpacketType.CompressionPreferences,
        SubpacketType.AeadPreferences, SubpacketType.CipherSuitePreferences, SubpacketType.KeyServerPreferences, SubpacketType.KeyServer,
    ];

    /// <summary>Why a signature of data is void by itself, whoever made it; null where it is not.</summary>
    public static string? FindFaultOfData(SignaturePacket signature, DateTimeOffset now)
    {
        if (FindFault(signature, KnownOfData, now) is { } fault) return fault;
        return IsLive(signature, now) ? null : $"it says that it is good until {signature.Created + signature.Lifetime:u}";
    }

    /// <summary>Why a signature that a key stands on is void by itself; null where it is not.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="at">When it has to be good.</param>
    /// <param name="now">The time.</param>
    public static string? FindFaultOfKey(SignaturePacket signature, DateTimeOffset at, DateTimeOffset now)
    {
        if (FindFault(signature, KnownOfKeys, now) is { } fault) return fault;
        return IsLive(signature, at) ? null : $"it says that it is good until {signature.Created + signature.Lifetime:u}";
    }

    /// <summary>Whether a key may sign data, by a signature that it stands on.</summary>
    public static bool AllowsSigning(SignaturePacket binding) =>
        binding.Single(SubpacketType.KeyFlags) is { Length: > 0 } flags && (flags.Span[0] & MaySign) != 0;

    private static string? FindFault(SignaturePacket signature, SubpacketType[] known, DateTimeOffset now)
    {
        if (signature.Fault is { } fault) return fault;
        if (signature.Hash is not (SignatureHash.Sha256 or SignatureHash.Sha384 or SignatureHash.Sha512))
            return $"it is of a digest of the kind {signature.Hash.Label()}; SHA-2 of 256 bits or more counts";
        if (signature.Hashed.Any(s => s.IsCritical && !known.Contains(s.Type))) return "it has a critical statement that is not known here";
        if (signature.Created is not { } created) return "it does not say in what is signed when it was made";
        return created > now ? $"it is of the future ({created:u}); if that has passed, set the clock" : null;
    }

    private static bool IsLive(SignaturePacket signature, DateTimeOffset at) => signature.Lifetime is not { } lifetime || signature.Created + lifetime > at;
}
