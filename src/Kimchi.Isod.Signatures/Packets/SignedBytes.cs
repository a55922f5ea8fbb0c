using System.Security.Cryptography;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Signatures;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>Content in memory.</summary>
internal sealed class SignedBytes(ReadOnlyMemory<byte> content) : ISignedContent
{
    /// <inheritdoc/>
    public byte[]? Digest(DigestStart start, bool isText, ReadOnlySpan<byte> trailer)
    {
        using var hash = IncrementalHash.CreateHash(new HashAlgorithmName(start.Algorithm.ToString().ToUpperInvariant()));
        hash.AppendData(Convert.FromHexString(start.Salt));
        if (isText) AppendText(hash);
        else hash.AppendData(content.Span);
        hash.AppendData(trailer);
        return hash.GetHashAndReset();
    }

    private void AppendText(IncrementalHash hash)
    {
        var rest = content.Span;
        for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            hash.AppendData(rest[..end].TrimEnd((byte)'\r'));
            hash.AppendData("\r\n"u8);
        }

        hash.AppendData(rest);
    }
}
