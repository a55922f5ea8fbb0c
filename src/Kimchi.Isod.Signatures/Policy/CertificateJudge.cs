using System.Text;
using Kimchi.Isod.Signatures.Keys;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Policy;

/// <summary>Judges whether a key of a keyring may have signed at a time, as <see cref="SignaturePolicy"/> says.</summary>
/// <param name="keyring">The keyring.</param>
/// <param name="certificate">The key's certificate.</param>
/// <param name="signedAt">The time of the signature.</param>
/// <param name="now">The time.</param>
internal sealed class CertificateJudge(Keyring keyring, Certificate certificate, DateTimeOffset signedAt, DateTimeOffset now)
{
    private const int MostShown = 500;

    private readonly PublicKeyPacket _primary = certificate.Primary;
    private readonly RevocationJudge _revocations = new(keyring, certificate);

    /// <summary>Whose key it is; null where it does not say. Known once no fault was found.</summary>
    public string? UserId { get; private set; }

    /// <summary>Why the key may not have signed; null where it may.</summary>
    /// <param name="subkey">The subkey that signed; null for the primary key.</param>
    public string? FindFault(Subkey? subkey)
    {
        var key = subkey?.Key ?? _primary;
        foreach (var part in (PublicKeyPacket[])[_primary, key])
        {
            if (KeyStrength.Of(part).Weakness is { } weakness) return $"the key is too weak: {weakness}";
        }

        if (key.Created > signedAt) return $"it is older than its key, which was made at {key.Created:u}";
        var (userId, certification) = FindCertification();
        var direct = Newest(certificate.Signatures.Where(s => s.Type is SignatureType.DirectKey), SignedStatements.Of(_primary));
        if ((certification ?? direct) is not { } self) return "the key has not certified itself with SHA-2, or has revoked it";
        SignaturePacket[] selves = [.. new[] { certification, direct }.OfType<SignaturePacket>()];
        if (_revocations.IsKeyRevoked(selves)) return "the key is revoked";
        if (selves.Any(s => IsExpired(_primary, s))) return "the key was expired when it signed";
        UserId = userId is null ? null : Show(userId);
        if (subkey is not null) return FindFault(subkey.Key, subkey.Signatures);
        // Of version 6 the direct signature says what the key may do, of version 4 the user id's does where there is one.
        return SignaturePolicy.AllowsSigning(_primary.Version == 6 ? direct ?? self : self) ? null : "the key may not sign, by its flags";
    }

    private string? FindFault(PublicKeyPacket subkey, List<SignaturePacket> signatures)
    {
        if (_revocations.IsRevoked(subkey, signatures)) return "the subkey is revoked";
        var statement = SignedStatements.Of(_primary, subkey);
        if (Newest(signatures.Where(s => s.Type is SignatureType.SubkeyBinding), statement) is not { } binding)
            return "its key does not have the subkey, by a signature with SHA-2";
        if (!SignaturePolicy.AllowsSigning(binding)) return "the subkey may not sign, by its flags";
        if (IsExpired(subkey, binding)) return "the subkey was expired when it signed";
        return binding.Embedded.Any(back => IsGood(back, SignatureType.PrimaryKeyBinding, statement, subkey))
            ? null
            : "the subkey has not signed that it belongs to its key (no back-signature)";
    }

    // The user id that the owner has marked, else the one that was certified last. What the key may do stands in the newest certification.
    private (UserId? UserId, SignaturePacket? Certification) FindCertification()
    {
        var certified = certificate.UserIds
            .Select(userId => (UserId: userId, Certification: FindCertification(userId)))
            .Where(found => found.Certification is not null)
            .OrderByDescending(found => found.Certification!.Created).ToList();
        if (certified.Count == 0) return (null, null);
        var shown = certified.Where(found => !found.UserId.IsImage).OrderByDescending(found => IsMarked(found.Certification!)).FirstOrDefault();
        return (shown.UserId, certified[0].Certification);
    }

    private SignaturePacket? FindCertification(UserId userId)
    {
        var statement = SignedStatements.Of(_primary, userId);
        var certifications = userId.Signatures.Where(s => s.Type is >= SignatureType.GenericCertification and <= SignatureType.PositiveCertification);
        var newest = Newest(certifications, statement);
        return newest is null || _revocations.IsRevoked(userId, statement, newest) ? null : newest;
    }

    private SignaturePacket? Newest(IEnumerable<SignaturePacket> signatures, byte[] statement) => signatures
        .Where(s => s.Created is not null).OrderByDescending(s => s.Created)
        .FirstOrDefault(s => IsGood(s, s.Type, statement, _primary));

    // Signatures of others are not looked at, of which popular keys have thousands.
    private bool IsGood(SignaturePacket signature, SignatureType type, byte[] statement, PublicKeyPacket by) =>
        signature.Type == type && (!signature.IssuerHints.Any() || signature.IsBy(by))
        && SignaturePolicy.FindFaultOfKey(signature, signedAt, now) is null && statement.IsSignedBy(by, signature) is true;

    private bool IsExpired(PublicKeyPacket key, SignaturePacket self) => self.KeyLifetime is { } lifetime && key.Created + lifetime <= signedAt;

    // It goes into logs and on screens.
    private static string Show(UserId userId) => string.Concat(
        Encoding.UTF8.GetString(userId.Bytes.Span[..Math.Min(userId.Bytes.Length, MostShown)]).Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private static bool IsMarked(SignaturePacket certification) =>
        certification.Single(SubpacketType.IsPrimaryUserId) is { Length: 1 } mark && mark.Span[0] != 0;
}
