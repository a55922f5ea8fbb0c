using System.Security.Cryptography;
using System.Text;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>Signatures that are the hexadecimal SHA-256 of what is signed. A clear-signed message has its own in its first line.</summary>
internal sealed class FakeVerifier : ISignatureVerifier
{
    public static readonly SignatureProof Proof = new(
        "ed25519-sha256", new string('A', 40), "Release Team", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly DigestStart Start = new(ChecksumAlgorithm.Sha256);

    /// <summary>Thrown by the next judgement of an image.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>Whose signatures those of lists are.</summary>
    public string Signer { get; set; } = Proof.Fingerprint;

    /// <summary>The one key of a keyring, where that is not <see cref="Proof"/>'s.</summary>
    public Dictionary<string, string> Keyrings { get; } = [];

    /// <summary>What was demanded so far.</summary>
    public List<SignatureDemand> Demands { get; } = [];

    public static byte[] Sign(ReadOnlySpan<byte> content) => Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(content)));

    public SignatureProof Verify(ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signatures, SignatureDemand demand)
    {
        Demands.Add(demand);
        return Judge(SHA256.HashData(content.Span), signatures, DownloadErrorKind.SignatureInvalid) with { Fingerprint = Signer };
    }

    public (byte[] Text, SignatureProof Proof) VerifyClearSigned(ReadOnlyMemory<byte> message, SignatureDemand demand)
    {
        var end = message.Span.IndexOf((byte)'\n');
        if (end < 0) throw new DownloadException(DownloadErrorKind.SignatureInvalid, "it is no text with a signature in it");
        var text = message[(end + 1)..].ToArray();
        return (text, Verify(text, message[..end], demand));
    }

    public ImageSignature Prepare(ReadOnlyMemory<byte> signatures, SignatureDemand demand)
    {
        Demands.Add(demand);
        if (Keyrings.TryGetValue(demand.Keyring, out var key) && demand.Fingerprint is { } wanted && wanted != key)
            throw new DownloadException(DownloadErrorKind.SignatureInvalid, $"the keyring has no key {wanted}");
        return signatures.Length == 64
            ? new ImageSignature(demand, signatures, [Start])
            : throw new DownloadException(DownloadErrorKind.SignatureInvalid, "no signature is good: there is none");
    }

    public SignatureProof Verify(ImageSignature signature, ISignedContent image)
    {
        if (NextFailure is { } failure)
        {
            NextFailure = null;
            throw failure;
        }

        return Judge(image.Digest(Start, isText: false, [])!, signature.Bytes, DownloadErrorKind.SignatureMismatch);
    }

    private static SignatureProof Judge(byte[] digest, ReadOnlyMemory<byte> signature, DownloadErrorKind otherwise) =>
        signature.Span.SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexString(digest)))
            ? Proof
            : throw new DownloadException(otherwise, "no signature is good: it is of something else");
}
