using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Core.Signatures;

/// <summary>An image that was digested while it came.</summary>
internal sealed class SignedImage(ImageDigest digest) : ISignedContent
{
    /// <inheritdoc/>
    public byte[]? Digest(DigestStart start, bool isText, ReadOnlySpan<byte> trailer) => isText ? null : digest.With(start, trailer);
}
