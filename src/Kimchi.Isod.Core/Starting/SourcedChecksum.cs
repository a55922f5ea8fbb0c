using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What an image must hash to, and who says so.</summary>
/// <param name="Checksum">What it must hash to.</param>
/// <param name="Source">Where it was found, with no secrets; null where the user has given it.</param>
internal sealed record SourcedChecksum(Checksum Checksum, string? Source)
{
    /// <summary>The list that it stands in, redacted; null where it is from no list.</summary>
    public string? ListUrl { get; init; }

    /// <summary>What a signature proves of that list; null for nothing.</summary>
    public SignatureProof? Proof { get; init; }
}
