using System.Buffers.Binary;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Signatures.Keys;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Policy;

/// <summary>The bytes that signatures of keys are of (RFC 9580, section 5.2.4), and whether a key has signed them.</summary>
internal static class SignedStatements
{
    /// <summary>Of a key itself: a direct signature, or its revocation.</summary>
    public static byte[] Of(PublicKeyPacket key) => key.ToHashed();

    /// <summary>Of a key and a subkey: that they belong together, or not any more.</summary>
    public static byte[] Of(PublicKeyPacket primary, PublicKeyPacket subkey) => [.. primary.ToHashed(), .. subkey.ToHashed()];

    /// <summary>Of a key and a user id: that it is that user's, or not any more.</summary>
    public static byte[] Of(PublicKeyPacket primary, UserId userId)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)userId.Bytes.Length);
        return [.. primary.ToHashed(), (byte)(userId.IsImage ? 0xd1 : 0xb4), .. length, .. userId.Bytes.Span];
    }

    /// <summary>Whether a key has signed a statement; null where that cannot be computed.</summary>
    public static bool? IsSignedBy(this byte[] statement, PublicKeyPacket key, SignaturePacket signature) =>
        IsSignedBy(new SignedBytes(statement), key, signature);

    /// <summary>Whether a key has signed content; null where that cannot be computed.</summary>
    public static bool? IsSignedBy(this ISignedContent content, PublicKeyPacket key, SignaturePacket signature)
    {
        if (signature.Fault is not null || StartOf(signature) is not { } start) return null;
        if (content.Digest(start, signature.Type is SignatureType.Text, signature.Trailer.Span) is not { } digest) return null;
        return signature.Version == key.Version && SignatureMath.IsMadeBy(key, signature, digest);
    }

    /// <summary>How the digest begins that a signature is of; null for a kind that is not computed.</summary>
    public static DigestStart? StartOf(SignaturePacket signature) =>
        signature.Hash.AsChecksum() is { } algorithm ? new DigestStart(algorithm, Convert.ToHexString(signature.Salt.Span)) : null;
}
