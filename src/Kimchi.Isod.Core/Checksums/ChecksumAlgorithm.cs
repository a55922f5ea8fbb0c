using System.Security.Cryptography;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>The kinds of checksums that images are published with, the weakest first.</summary>
public enum ChecksumAlgorithm
{
    /// <summary>MD5, RFC 1321: it tells accidents, not attacks.</summary>
    Md5,

    /// <summary>SHA-1, FIPS 180-4: it tells accidents, not attacks.</summary>
    Sha1,

    /// <summary>SHA-256, FIPS 180-4.</summary>
    Sha256,

    /// <summary>SHA-384, FIPS 180-4.</summary>
    Sha384,

    /// <summary>BLAKE2b of 512 bits, RFC 7693, as <c>b2sum</c> computes it. As strong as SHA-512, which is the faster here.</summary>
    Blake2b,

    /// <summary>SHA-512, FIPS 180-4.</summary>
    Sha512,
}

/// <summary>What is known of each kind.</summary>
internal static class ChecksumAlgorithms
{
    /// <summary>The kinds, the strongest first.</summary>
    public static IReadOnlyList<ChecksumAlgorithm> Strongest { get; } = [.. Enum.GetValues<ChecksumAlgorithm>().OrderDescending()];

    /// <summary>How many hexadecimal digits a digest has.</summary>
    public static int DigitCount(this ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Md5 => 2 * MD5.HashSizeInBytes,
        ChecksumAlgorithm.Sha1 => 2 * SHA1.HashSizeInBytes,
        ChecksumAlgorithm.Sha256 => 2 * SHA256.HashSizeInBytes,
        ChecksumAlgorithm.Sha384 => 2 * SHA384.HashSizeInBytes,
        ChecksumAlgorithm.Blake2b => 2 * Blake2b.DigestSize,
        ChecksumAlgorithm.Sha512 => 2 * SHA512.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>Whether somebody can make two files of one digest, so that it proves nothing against whoever made the file.</summary>
    public static bool IsForgeable(this ChecksumAlgorithm algorithm) => algorithm is ChecksumAlgorithm.Md5 or ChecksumAlgorithm.Sha1;

    /// <summary>The name on the wire, such as <c>sha256</c>.</summary>
    public static string Label(this ChecksumAlgorithm algorithm) => algorithm.ToString().ToLowerInvariant();

    /// <summary>Finds a kind by its name, as <c>sha256</c>, <c>SHA-256</c>, OpenSSL's <c>SHA2-256</c> or <c>BLAKE2b-512</c>; null for others.</summary>
    public static ChecksumAlgorithm? Find(string name)
    {
        var plain = name.ToLowerInvariant().Replace("sha2-", "sha", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        foreach (var algorithm in Strongest)
        {
            if (algorithm.Label() == plain) return algorithm;
        }

        return plain is "blake2b512" ? ChecksumAlgorithm.Blake2b : null;
    }

    /// <summary>The kind whose digests have so many hexadecimal digits, where there is only one; null for none, and for several.</summary>
    public static ChecksumAlgorithm? FindByDigitCount(int count) =>
        Strongest.Where(algorithm => algorithm.DigitCount() == count).ToArray() is [var only] ? only : null;
}
