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
        ChecksumAlgorithm.Sha512 => 2 * SHA512.HashSizeInBytes,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };

    /// <summary>The name on the wire, such as <c>sha256</c>.</summary>
    public static string Label(this ChecksumAlgorithm algorithm) => algorithm.ToString().ToLowerInvariant();

    /// <summary>Finds a kind by its name, as <c>sha256</c>, <c>SHA-256</c> or OpenSSL's <c>SHA2-256</c>; null for others.</summary>
    public static ChecksumAlgorithm? Find(string name)
    {
        var plain = name.ToLowerInvariant().Replace("sha2-", "sha", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        foreach (var algorithm in Strongest)
        {
            if (algorithm.Label() == plain) return algorithm;
        }

        return null;
    }

    /// <summary>The kind whose digests have so many digits; null for none.</summary>
    public static ChecksumAlgorithm? FindByDigitCount(int count)
    {
        foreach (var algorithm in Strongest)
        {
            if (algorithm.DigitCount() == count) return algorithm;
        }

        return null;
    }

    /// <summary>The BCL's name of it.</summary>
    public static HashAlgorithmName HashName(this ChecksumAlgorithm algorithm) => new(algorithm.ToString().ToUpperInvariant());
}
