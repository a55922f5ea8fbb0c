using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>Something that was proven of an image before it was published.</summary>
public sealed record Verification
{
    /// <summary>One of <see cref="VerificationKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The digest, such as <c>sha256</c>; of a signature the key and the digest, such as <c>rsa4096-sha512</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The fingerprint of the primary key that signed, in full; null of a checksum.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Fingerprint { get; init; }

    /// <summary>Whose key it is by its own word; null of a checksum, and where it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? UserId { get; init; }

    /// <summary>When it was signed, by the signer's word; null of a checksum.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>The list of checksums that the checksum stands in, or that is signed; null of a checksum that was given, and of a signature of the
    /// image itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ListUrl { get; init; }
}

/// <summary>What <see cref="Verification.Kind"/> may be.</summary>
public static class VerificationKind
{
    /// <summary>The image has the expected digest.</summary>
    public const string Checksum = "checksum";

    /// <summary>The image, or the list that its checksum stands in, has a good signature.</summary>
    public const string Signature = "signature";
}
