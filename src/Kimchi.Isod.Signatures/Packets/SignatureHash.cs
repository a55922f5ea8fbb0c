using Kimchi.Isod.Core.Checksums;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>The kinds of digests (RFC 9580, section 9.5).</summary>
internal enum SignatureHash
{
    /// <summary>MD5.</summary>
    Md5 = 1,

    /// <summary>SHA-1.</summary>
    Sha1 = 2,

    /// <summary>SHA-2 of 256 bits.</summary>
    Sha256 = 8,

    /// <summary>SHA-2 of 384 bits.</summary>
    Sha384 = 9,

    /// <summary>SHA-2 of 512 bits.</summary>
    Sha512 = 10,
}

/// <summary>What is known of each kind.</summary>
internal static class SignatureHashes
{
    /// <summary>The same among the kinds of checksums; null for one that is not computed here.</summary>
    public static ChecksumAlgorithm? AsChecksum(this SignatureHash algorithm) => algorithm switch
    {
        SignatureHash.Md5 => ChecksumAlgorithm.Md5,
        SignatureHash.Sha1 => ChecksumAlgorithm.Sha1,
        SignatureHash.Sha256 => ChecksumAlgorithm.Sha256,
        SignatureHash.Sha384 => ChecksumAlgorithm.Sha384,
        SignatureHash.Sha512 => ChecksumAlgorithm.Sha512,
        _ => null,
    };

    /// <summary>Its name, such as <c>sha256</c>.</summary>
    public static string Label(this SignatureHash algorithm) =>
        algorithm.AsChecksum() is { } known ? known.ToString().ToLowerInvariant() : $"digest {(int)algorithm}";

    /// <summary>How many bytes of salt a signature of version 6 has with it: RFC 9580, section 9.5, table 23.</summary>
    public static int SaltLength(this SignatureHash algorithm) => algorithm switch
    {
        SignatureHash.Sha256 => 16,
        SignatureHash.Sha384 => 24,
        SignatureHash.Sha512 => 32,
        _ => 0,
    };

    /// <summary>What stands before a digest of that kind in an RSA signature (RFC 8017, section 9.2).</summary>
    public static ReadOnlySpan<byte> RsaPrefix(this SignatureHash algorithm) => algorithm switch
    {
        SignatureHash.Md5 => [0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10],
        SignatureHash.Sha1 => [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14],
        SignatureHash.Sha256 => [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20],
        SignatureHash.Sha384 => [0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30],
        SignatureHash.Sha512 => [0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40],
        _ => [],
    };
}
