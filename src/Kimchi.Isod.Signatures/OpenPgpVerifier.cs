using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Signatures.Keys;
using Kimchi.Isod.Signatures.Packets;
using Kimchi.Isod.Signatures.Policy;

namespace Kimchi.Isod.Signatures;

/// <summary>Judges OpenPGP signatures by the keyrings of a folder. <see cref="SignaturePolicy"/> has the rules.</summary>
/// <param name="keyrings">The folder.</param>
/// <param name="time">The clock.</param>
public sealed class OpenPgpVerifier(string keyrings, TimeProvider time) : ISignatureVerifier
{
    private const int MostReasons = 4;

    private readonly KeyringFolder _keyrings = new(keyrings);

    /// <inheritdoc/>
    public SignatureProof Verify(ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> signatures, SignatureDemand demand) => Judge(
        SignatureFile.Read(signatures, SignaturePolicy.MostSignatures), demand, new SignedBytes(content),
        DownloadErrorKind.SignatureInvalid, SignatureType.Binary, SignatureType.Text);

    /// <inheritdoc/>
    public (byte[] Text, SignatureProof Proof) VerifyClearSigned(ReadOnlyMemory<byte> message, SignatureDemand demand)
    {
        ClearSignedMessage read;
        try
        {
            read = ClearSignedMessage.Read(message.Span);
        }
        catch (MalformedException e)
        {
            throw new DownloadException(DownloadErrorKind.SignatureInvalid, $"it is no text with a signature in it: {e.Message}", e);
        }

        var signatures = SignatureFile.Read(read.Signatures, SignaturePolicy.MostSignatures);
        return (read.Text, Judge(signatures, demand, new SignedBytes(read.Text), DownloadErrorKind.SignatureInvalid, SignatureType.Text));
    }

    /// <inheritdoc/>
    public ImageSignature Prepare(ReadOnlyMemory<byte> signatures, SignatureDemand demand)
    {
        var judge = NewJudge(demand);
        var file = SignatureFile.Read(signatures, SignaturePolicy.MostSignatures);
        var judged = file.Signatures.Select(s => (Signature: s, Verdict: judge.Admit(s, SignatureType.Binary))).ToList();
        var starts = judged.Where(j => j.Verdict.Signer is not null).Select(j => SignedStatements.StartOf(j.Signature)!)
            .Distinct().Take(ImageSignature.MostStarts).ToList();
        return starts.Count > 0
            ? new ImageSignature(demand, signatures, starts)
            : throw Refused(DownloadErrorKind.SignatureInvalid, judged.Select(j => j.Verdict.Fault), file.Fault);
    }

    /// <inheritdoc/>
    public SignatureProof Verify(ImageSignature signature, ISignedContent image) => Judge(
        SignatureFile.Read(signature.Bytes, SignaturePolicy.MostSignatures), signature.Demand, image,
        DownloadErrorKind.SignatureMismatch, SignatureType.Binary);

    private SignatureJudge NewJudge(SignatureDemand demand) => new(_keyrings.Open(demand.Keyring), demand.Fingerprint, time.GetUtcNow());

    private SignatureProof Judge(
        SignatureFile file, SignatureDemand demand, ISignedContent content, DownloadErrorKind whenOfOther, params ReadOnlySpan<SignatureType> types)
    {
        var judge = NewJudge(demand);
        List<string?> faults = [];
        var kind = DownloadErrorKind.SignatureInvalid;
        foreach (var signature in file.Signatures)
        {
            var (signer, fault) = judge.Admit(signature, types);
            if (signer is null)
            {
                faults.Add(fault);
                continue;
            }

            if (content.IsSignedBy(signer.Key, signature) is true) return signer.Prove(signature);
            faults.Add($"it is of something else, or was not made by the key {signer.Primary.FingerprintText} that it names");
            kind = whenOfOther;
        }

        throw Refused(kind, faults, file.Fault);
    }

    private static DownloadException Refused(DownloadErrorKind kind, IEnumerable<string?> faults, string? fileFault)
    {
        var reasons = faults.OfType<string>().Append(fileFault).OfType<string>().Distinct().ToList();
        var shown = reasons.Count == 0 ? "there is none" : string.Join("; ", reasons.Take(MostReasons));
        return new DownloadException(kind, $"no signature is good: {shown}{(reasons.Count > MostReasons ? "; …" : "")}");
    }
}
