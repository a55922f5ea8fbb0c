using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What the user wants an image to hash to.</summary>
/// <param name="Checksum">The checksum.</param>
/// <param name="ListUrl">The list that it stands in, redacted; null where the user gave it.</param>
/// <param name="Proof">What a signature proves of that list; null for nothing.</param>
internal sealed record WantedChecksum(Checksum Checksum, string? ListUrl = null, SignatureProof? Proof = null);
