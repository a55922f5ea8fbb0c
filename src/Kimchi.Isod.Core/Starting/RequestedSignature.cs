using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Who must have signed, as a user or the configuration wants it, and where the signature is.</summary>
internal sealed class RequestedSignature
{
    // One has some hundred bytes, of a large RSA key 3000 in base64; coordinated releases have a dozen.
    private const int MostBytes = 64 * 1024;

    private readonly SignatureDemand? _demand;
    private readonly RemoteUrl? _url;
    private readonly bool _isOfImage;

    private RequestedSignature(SignatureDemand? demand, RemoteUrl? url, bool isOfImage) => (_demand, _url, _isOfImage) = (demand, url, isOfImage);

    /// <summary>Whether it is of the image itself, which is judged by it when all of it is there.</summary>
    public bool IsOfImage => _demand is not null && _isOfImage;

    /// <summary>Reads the fields of a request.</summary>
    /// <exception cref="DownloadException">One of them is unusable, or lacks another; or the pool takes nothing without a signature.</exception>
    public static RequestedSignature From(StartRequest request, TrustOptions options)
    {
        if (request is { Keyring: null, SignatureUrl: not null } or { Keyring: null, Fingerprint: not null })
            throw Invalid($"the field '{(request.SignatureUrl is null ? "fingerprint" : "signature_url")}' needs 'keyring' beside it: the name of a file in {options.Keyrings}");
        if (request.Keyring is null && options.IsSignatureRequired(request.Pool))
        {
            throw Invalid(
                $"the pool {VolumeName.Quote(request.Pool)} takes only what is signed (trust:require_signature): give 'keyring', and with it 'signature_url', " +
                "or a 'checksum_url' whose list has its signature in it");
        }

        if (request is { Keyring: not null, SignatureUrl: null, ChecksumUrl: null })
            throw Invalid("the field 'keyring' needs 'signature_url' beside it, or a 'checksum_url' whose list has its signature in it");
        return new RequestedSignature(
            request.Keyring is { } keyring ? new SignatureDemand(CheckName(keyring, options), ParseFingerprint(request.Fingerprint)) : null,
            request.SignatureUrl is { } url ? RemoteUrl.ParseField("signature_url", url) : null, request.ChecksumUrl is null);
    }

    /// <summary>Judges a list of checksums; what was not asked for is not judged.</summary>
    /// <param name="services">How signatures are fetched and judged.</param>
    /// <param name="image">How the image is asked for. Its credentials and headers are used on the same server only.</param>
    /// <param name="list">The list.</param>
    /// <returns>What of it may be read, and what is proven of that.</returns>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">It is not signed as it must be.</exception>
    public async Task<(byte[] Text, SignatureProof? Proof)> JudgeListAsync(
        DownloadServices services, RemoteRequest image, byte[] list, CancellationToken cancellationToken)
    {
        if (_demand is not { } demand) return (list, null);
        if (_url is null) return await Judging("checksum_url", () => services.Signatures.VerifyClearSigned(list, demand));
        var signature = await FetchAsync(services, image, cancellationToken);
        return (list, await Judging("signature_url", () => services.Signatures.Verify(list, signature, demand)));
    }

    /// <summary>Fetches the signature of an image, and judges what can be judged of it; null where none is of the image.</summary>
    /// <inheritdoc cref="JudgeListAsync"/>
    public async Task<ImageSignature?> PrepareImageAsync(DownloadServices services, RemoteRequest image, CancellationToken cancellationToken)
    {
        if (!IsOfImage) return null;
        var signature = await FetchAsync(services, image, cancellationToken);
        return await Judging("signature_url", () => services.Signatures.Prepare(signature, _demand!));
    }

    private Task<byte[]> FetchAsync(DownloadServices services, RemoteRequest image, CancellationToken cancellationToken)
    {
        var request = image.ForText(_url!);
        return StartPatience.WaitAsync(services, "signature_url: the signature", ReadAsync, cancellationToken);

        async Task<byte[]> ReadAsync(CancellationToken stop)
        {
            await using var file = await MirrorTries.OpenAsync(services.Source, request, services.Time, stop);
            var bytes = await SmallFile.ReadAsync(file, MostBytes, stop);
            return bytes.Length <= MostBytes ? bytes : throw new DownloadException(
                DownloadErrorKind.SignatureInvalid, $"signature_url: {_url} has more than {MostBytes} bytes: it is no detached signature");
        }
    }

    // Not on the thread of a request: it computes, and reads files.
    private static async Task<T> Judging<T>(string field, Func<T> judge)
    {
        try
        {
            return await BlockingWork.RunAsync(judge);
        }
        catch (DownloadException e)
        {
            throw new DownloadException(e.Kind, $"{field}: {e.Message}", e);
        }
    }

    // A name only: no request chooses a file elsewhere.
    private static string CheckName(string name, TrustOptions options) =>
        name.Length is > 0 and <= 255 && name[0] != '.' && !name.Any(c => c is '/' or '\\' || char.IsControl(c))
            ? name
            : throw Invalid($"the field 'keyring' is {VolumeName.Quote(name)}: give the name of a file in {options.Keyrings} (trust:keyrings), no path");

    private static string? ParseFingerprint(string? text)
    {
        if (text is null) return null;
        var digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();
        return digits.Length is 40 or 64 && digits.All(char.IsAsciiHexDigit)
            ? digits
            : throw Invalid("the field 'fingerprint' is none: give all 40 or 64 hexadecimal digits of the primary key's; a shorter number can be forged");
    }

    private static DownloadException Invalid(string why) => new(DownloadErrorKind.FieldInvalid, why);
}
