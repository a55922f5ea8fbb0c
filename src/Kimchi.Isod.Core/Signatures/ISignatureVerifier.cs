using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Signatures;

/// <summary>Judges OpenPGP signatures.</summary>
/// <remarks>
/// Calls block, and compute: the first one with a large RSA key takes some tenths of a second. Each of them throws a
/// <see cref="DownloadException"/> of the kind <see cref="DownloadErrorKind.SignatureInvalid"/> where no signature is good, or the keyring
/// cannot be used.
/// </remarks>
public interface ISignatureVerifier
{
    /// <summary>Judges the detached signatures of a file that is in memory.</summary>
    /// <param name="content">The file.</param>
    /// <param name="signatures">Signatures, binary or armoured.</param>
    /// <param name="demand">Who must have signed.</param>
    SignatureProof Verify(ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signatures, SignatureDemand demand);

    /// <summary>Judges a message that has its signatures in it.</summary>
    /// <param name="message">The message: RFC 9580, section 7.</param>
    /// <param name="demand">Who must have signed.</param>
    /// <returns>The signed text and nothing else, with what is proven of it.</returns>
    (byte[] Text, SignatureProof Proof) VerifyClearSigned(ReadOnlyMemory<byte> message, SignatureDemand demand);

    /// <summary>Judges all of an image's signatures but that they are of the image.</summary>
    /// <param name="signatures">Signatures, binary or armoured.</param>
    /// <param name="demand">Who must have signed.</param>
    /// <returns>What to demand of the image.</returns>
    ImageSignature Prepare(ReadOnlyMemory<byte> signatures, SignatureDemand demand);

    /// <summary>Judges an image's signatures.</summary>
    /// <param name="signature">What <see cref="Prepare"/> gave.</param>
    /// <param name="image">The image's digests.</param>
    /// <exception cref="DownloadException">Also <see cref="DownloadErrorKind.SignatureMismatch"/>: they are of something else.</exception>
    SignatureProof Verify(ImageSignature signature, ISignedContent image);
}
