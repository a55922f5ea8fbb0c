using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What a user wants an image compared with: a checksum, or a list that has it.</summary>
internal sealed class RequestedChecksum
{
    /// <summary>The word for a checksum that is to be found beside the file.</summary>
    public const string Auto = "auto";

    private readonly SourcedChecksum? _checksum;
    private readonly RemoteUrl? _list;

    private RequestedChecksum(SourcedChecksum? checksum, RemoteUrl? list) => (_checksum, _list) = (checksum, list);

    /// <summary>Whether it is to be found beside the file.</summary>
    public bool IsAuto { get; private init; }

    /// <summary>Whether anything was asked for.</summary>
    public bool IsGiven => _checksum is not null || _list is not null || IsAuto;

    /// <summary>Reads the fields of a request.</summary>
    /// <exception cref="DownloadException">One of them is unusable, or both are given.</exception>
    public static RequestedChecksum From(StartRequest request)
    {
        if (request.FoundChecksum is { } found) return new RequestedChecksum(found, null);
        if (request is { Checksum: not null, ChecksumUrl: not null })
            throw new DownloadException(DownloadErrorKind.FieldInvalid, "the fields 'checksum' and 'checksum_url' exclude each other: give one of them");
        if (request.Checksum is Auto) return new RequestedChecksum(null, null) { IsAuto = true };
        return new RequestedChecksum(
            request.Checksum is { } text ? new SourcedChecksum(Checksum.Parse(text), Source: null) : null,
            request.ChecksumUrl is { } url ? RemoteUrl.ParseField("checksum_url", url) : null);
    }

    /// <summary>Finds the checksum of a file; null where nothing was asked for, or it is to be found beside the file.</summary>
    /// <param name="services">How a list is fetched.</param>
    /// <param name="request">How the file was asked for. Its credentials and headers are used for a list on the same server only.</param>
    /// <param name="name">The volume's name, where the user gave one. A name that the image's server gives never chooses the entry: who is
    /// checked has no say in the check.</param>
    /// <param name="signature">Who must have signed a list.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">The list cannot be read, or does not have the file, or is not signed as it must be.</exception>
    public async Task<SourcedChecksum?> ResolveAsync(
        DownloadServices services, RemoteRequest request, string? name, RequestedSignature signature, CancellationToken cancellationToken)
    {
        if (_list is null) return _checksum;
        var asked = request.ForText(_list);
        var bytes = await StartPatience.WaitAsync(
            services, "checksum_url: the list", stop => ChecksumFile.FetchAsync(services.Source, asked, services.Options.MaxChecksumFile, stop), cancellationToken);
        var (text, proof) = await signature.JudgeListAsync(services, request, bytes, cancellationToken);
        var checksum = ChecksumList.Parse(_list, ChecksumFile.Decode(text)).Find(request.Url, name);
        if (proof is not null && checksum.Algorithm.IsForgeable()) throw TooWeak(checksum);
        return new SourcedChecksum(checksum, _list.ToString()) { ListUrl = _list.ToString(), Proof = proof is null ? null : proof with { ListUrl = _list.ToString() } };
    }

    private DownloadException TooWeak(Checksum checksum) => new(
        DownloadErrorKind.SignatureInvalid,
        $"checksum_url: {_list} is signed, but has only {checksum.Algorithm.Label()} for the image, which proves nothing; give a list with SHA-2 or BLAKE2b");
}
