using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Api;

/// <summary>What was proven of an image, in the words of the API.</summary>
internal static class VerificationView
{
    /// <summary>Of an image that is published; nothing is proven of another.</summary>
    public static IReadOnlyList<Verification> Describe(DownloadRecord record) => record.State is not DownloadState.Completed ? [] :
    [
        .. record.Checksum is { } checksum ? [Describe(checksum, record.ChecksumList)] : (Verification[])[],
        .. record.Proof is { } proof ? [Describe(proof)] : (Verification[])[],
    ];

    private static Verification Describe(Checksum checksum, string? list) => new()
    {
        Kind = VerificationKind.Checksum,
        Algorithm = checksum.Algorithm.ToString().ToLowerInvariant(),
        ListUrl = list,
    };

    private static Verification Describe(SignatureProof proof) => new()
    {
        Kind = VerificationKind.Signature,
        Algorithm = proof.Algorithm,
        Fingerprint = proof.Fingerprint,
        UserId = proof.UserId,
        SignedAt = proof.SignedAt,
        ListUrl = proof.ListUrl,
    };
}
