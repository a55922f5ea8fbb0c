using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Core.Signatures;

/// <summary>The signature that an image must have, which is judged when all of the image is there.</summary>
/// <param name="Demand">Who must have signed.</param>
/// <param name="Bytes">The file of signatures.</param>
/// <param name="Starts">The digests of the image that those signatures are of which may be good; at least one.</param>
public sealed record ImageSignature(SignatureDemand Demand, ReadOnlyMemory<byte> Bytes, IReadOnlyList<DigestStart> Starts)
{
    /// <summary>The most digests that an image gets for its signatures.</summary>
    public const int MostStarts = 4;
}
