using Kimchi.Isod.Signatures.Keys;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Policy;

/// <summary>Finds revocations. Here doubt speaks against the key: what cannot be verified counts, and so does what is made with SHA-1.</summary>
/// <param name="keyring">Where revocations may stand.</param>
/// <param name="certificate">The key that is looked at.</param>
internal sealed class RevocationJudge(Keyring keyring, Certificate certificate)
{
    private readonly PublicKeyPacket _primary = certificate.Primary;

    /// <summary>Whether the primary key is revoked.</summary>
    /// <param name="selves">The self-signatures that it stands on, which say who else may revoke it.</param>
    public bool IsKeyRevoked(IReadOnlyList<SignaturePacket> selves)
    {
        var statement = SignedStatements.Of(_primary);
        var attached = certificate.Signatures.Where(s => s.Type is SignatureType.KeyRevocation);
        var published = keyring.Revocations.Where(s => s.Type is SignatureType.KeyRevocation && s.IssuerHints.Any());
        return attached.Concat(published).Distinct().Any(s => IsByPrimary(s) ? statement.IsSignedBy(_primary, s) is not false : IsByRevoker(s, selves, statement));
    }

    /// <summary>Whether a subkey is revoked.</summary>
    public bool IsRevoked(PublicKeyPacket subkey, IReadOnlyList<SignaturePacket> signatures)
    {
        var statement = SignedStatements.Of(_primary, subkey);
        var attached = signatures.Where(s => s.Type is SignatureType.SubkeyRevocation);
        // Those that stand elsewhere are of another subkey, unless they are proven to be of this one.
        var published = keyring.Revocations.Where(s => s.Type is SignatureType.SubkeyRevocation && s.IssuerHints.Any() && IsByPrimary(s));
        return attached.Any(s => IsByPrimary(s) && statement.IsSignedBy(_primary, s) is not false)
            || published.Any(s => statement.IsSignedBy(_primary, s) is true);
    }

    /// <summary>Whether a user id is revoked since it was certified.</summary>
    public bool IsRevoked(UserId userId, byte[] statement, SignaturePacket certification) => userId.Signatures.Any(s =>
        s.Type is SignatureType.CertificationRevocation && IsByPrimary(s)
        && !(s.Created < certification.Created) && statement.IsSignedBy(_primary, s) is not false);

    private bool IsByPrimary(SignaturePacket signature) => !signature.IssuerHints.Any() || signature.IsBy(_primary);

    // Somebody else's, whose key is seldom in the keyring. Where it is, it can refute.
    private bool IsByRevoker(SignaturePacket revocation, IReadOnlyList<SignaturePacket> selves, byte[] statement) => selves
        .SelectMany(s => s.Hashed).Where(s => s.Type is SubpacketType.RevocationKey && s.Body.Length > 2)
        .Select(s => Convert.ToHexString(s.Body.Span[2..]))
        .Any(revoker => revocation.IssuerHints.Any(hint => revoker.EndsWith(Convert.ToHexString(hint), StringComparison.Ordinal))
            && !IsRefuted(revocation, revoker, statement));

    private bool IsRefuted(SignaturePacket revocation, string revoker, byte[] statement) =>
        keyring.Certificates.FirstOrDefault(c => c.Primary.FingerprintText == revoker) is { } known
        && statement.IsSignedBy(known.Primary, revocation) is false;
}
