namespace Kimchi.Isod.Core.Checksums;

/// <summary>How a digest of content begins: its kind, and what stands before the content in it.</summary>
/// <param name="Algorithm">The kind.</param>
/// <param name="Salt">Hexadecimal digits of the bytes before the content, as of signatures of version 6 (RFC 9580, section 5.2.4); empty for none.</param>
public sealed record DigestStart(ChecksumAlgorithm Algorithm, string Salt = "")
{
    /// <summary>Begins a digest.</summary>
    internal RunningHash Create()
    {
        var hash = RunningHash.Create(Algorithm);
        if (Salt.Length > 0) hash.Append(Convert.FromHexString(Salt));
        return hash;
    }
}
