using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What an image must hash to, and who says so.</summary>
/// <param name="Checksum">What it must hash to.</param>
/// <param name="Source">Where it was found, with no secrets; null where the user has given it.</param>
internal sealed record SourcedChecksum(Checksum Checksum, string? Source);
