namespace Kimchi.Isod.Core.Signatures;

/// <summary>What a good signature has proven.</summary>
/// <param name="Algorithm">The key and the digest, such as <c>rsa4096-sha512</c>.</param>
/// <param name="Fingerprint">The primary key's, in upper-case hexadecimal digits.</param>
/// <param name="UserId">Whose key it is by its own word; null where it does not say.</param>
/// <param name="SignedAt">When it was signed, by the signer's word.</param>
public sealed record SignatureProof(string Algorithm, string Fingerprint, string? UserId, DateTimeOffset SignedAt)
{
    /// <summary>The list of checksums that is signed, its address redacted; null where the image itself is.</summary>
    public string? ListUrl { get; init; }
}
