using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Core.Signatures;

/// <summary>What is signed, as far as a signature needs it.</summary>
public interface ISignedContent
{
    /// <summary>The digest of the content with something behind it.</summary>
    /// <param name="start">The kind, and what stands before the content.</param>
    /// <param name="isText">Whether the content's lines end in CR LF in it, however they end by themselves.</param>
    /// <param name="trailer">What stands behind it.</param>
    /// <returns>Null where the content has no such digest.</returns>
    byte[]? Digest(DigestStart start, bool isText, ReadOnlySpan<byte> trailer);
}
