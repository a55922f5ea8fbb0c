using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Finds out whether what is there was verified by the signature that is demanded of it. Its content tells nothing of that.</summary>
internal static class KeptProof
{
    /// <summary>Compares. It blocks, and computes: <see cref="ISignatureVerifier"/>.</summary>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="record">The download that fills the volume, or has filled it; null where no record tells of one.</param>
    /// <param name="signatures">Judges signatures.</param>
    /// <returns>What is not shown; null where the proof is the same, or none is demanded.</returns>
    public static string? FindDifference(WantedImage wanted, DownloadRecord? record, ISignatureVerifier signatures)
    {
        if (!wanted.IsSigned) return null;
        if (record is null) return "no record tells that it was verified by a signature, and one is demanded";
        return wanted.ListProof is { } list ? FindDifference(list, record)
            : record.State.IsLive() ? FindDifference(wanted.Signature!.Demand, record)
            : FindDifference(wanted.Signature!, record, signatures);
    }

    private static string? FindDifference(SignatureProof list, DownloadRecord record) =>
        record.Proof is not { ListUrl: not null } proof ? "it is not compared with a signed list, and a signed list is demanded"
        : proof.Fingerprint != list.Fingerprint ? $"its list is signed by {proof.Fingerprint}, and that of the request by {list.Fingerprint}"
        : null;

    private static string? FindDifference(SignatureDemand wanted, DownloadRecord record) =>
        record.ImageSignature is not { Demand: var demand } ? "no signature is demanded of it, and one is asked for"
        : demand.Keyring != wanted.Keyring ? $"it must be signed by the keyring '{demand.Keyring}', not by '{wanted.Keyring}'"
        : wanted.Fingerprint is { } key && demand.Fingerprint != key ? $"it must be signed by {demand.Fingerprint ?? "any key of the keyring"}, not by {key}"
        : null;

    // The record does not tell the keyring: whether the key is in that of the request, and accepted still, is judged again.
    private static string? FindDifference(ImageSignature wanted, DownloadRecord record, ISignatureVerifier signatures)
    {
        if (record.Proof is not { ListUrl: null } proof) return "it was not verified by a signature of the image, and one is demanded";
        if (wanted.Demand.Fingerprint is { } key && key != proof.Fingerprint) return $"it is signed by {proof.Fingerprint}, not by {key}";
        try
        {
            signatures.Prepare(wanted.Bytes, wanted.Demand with { Fingerprint = proof.Fingerprint });
            return null;
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.SignatureInvalid)
        {
            return $"it is signed by {proof.Fingerprint}, which the keyring '{wanted.Demand.Keyring}' and the signature do not show: {e.Message}";
        }
    }
}
