using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Signatures.Keys;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Policy;

/// <summary>Judges signatures of data, as <see cref="SignaturePolicy"/> says.</summary>
/// <param name="keyring">Who may have signed.</param>
/// <param name="fingerprint">The one primary key that counts; null for all of the keyring.</param>
/// <param name="now">The time.</param>
internal sealed class SignatureJudge(Keyring keyring, string? fingerprint, DateTimeOffset now)
{
    /// <summary>Judges all of a signature but that it is of its content.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="types">What it may say.</param>
    /// <returns>Who may have made it, or why it is not good.</returns>
    public (Signer? Signer, string? Fault) Admit(SignaturePacket signature, params ReadOnlySpan<SignatureType> types)
    {
        if (signature.Fault is { } fault) return (null, fault);
        if (!types.Contains(signature.Type)) return (null, WhyNotOfType(signature.Type));
        if (SignaturePolicy.FindFaultOfData(signature, now) is { } reason) return (null, reason);
        if (!signature.IssuerHints.Any()) return (null, "it does not say which key made it");
        string? why = null;
        foreach (var (certificate, subkey) in keyring.Find(signature))
        {
            if (fingerprint is not null && certificate.Primary.FingerprintText != fingerprint)
            {
                why ??= $"its key {certificate.Primary.FingerprintText} is not the one that was asked for";
                continue;
            }

            var judge = new CertificateJudge(keyring, certificate, signature.Created!.Value, now);
            if (judge.FindFault(subkey) is { } found) why = found;
            else return (new Signer(subkey?.Key ?? certificate.Primary, certificate.Primary, judge.UserId), null);
        }

        return (null, why ?? $"its key {Called(signature)} is not in the keyring");
    }

    private static string WhyNotOfType(SignatureType type) => type switch
    {
        SignatureType.Text => "it is of a text, and what it should be of is none",
        SignatureType.Binary => "it is of a file, and not of a text",
        _ => $"it is not of data (type {(int)type:x2})",
    };

    private static string Called(SignaturePacket signature) =>
        Convert.ToHexString(signature.IssuerHints.MaxBy(hint => hint.Length)!);
}

/// <summary>Who may have made a signature.</summary>
/// <param name="Key">The key that signs.</param>
/// <param name="Primary">Its primary key, or itself.</param>
/// <param name="UserId">Whose it is.</param>
internal sealed record Signer(PublicKeyPacket Key, PublicKeyPacket Primary, string? UserId)
{
    /// <summary>What one of its signatures has proven.</summary>
    public SignatureProof Prove(SignaturePacket signature) => new(
        $"{KeyStrength.Of(Key).Name}-{signature.Hash.Label()}", Primary.FingerprintText, UserId, signature.Created!.Value);
}
