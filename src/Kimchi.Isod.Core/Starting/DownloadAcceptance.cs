using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Starting;

/// <summary>A file that a start has reached.</summary>
/// <param name="Remote">How its server was asked for it.</param>
/// <param name="Info">What its server says of it.</param>
/// <param name="Checksum">What it must hash to, or null.</param>
/// <param name="Request">What the user asked for.</param>
internal sealed record FoundFile(RemoteRequest Remote, RemoteFileInfo Info, Checksum? Checksum, StartRequest Request)
{
    /// <summary>Where the same file is, too.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; init; } = [];

    /// <summary>How many connections its server is to have at most; null where nothing tells.</summary>
    public int? UrlConnections { get; init; }

    /// <summary>Why places among them did not give it, by their addresses.</summary>
    public IReadOnlyDictionary<Uri, string> Refused { get; init; } = new Dictionary<Uri, string>();

    /// <summary>What is known of its source and of the mirrors: <see cref="DownloadRecord.Outcomes"/>.</summary>
    public IReadOnlyList<SourceOutcome> Outcomes =>
        [SourceOutcome.None, .. Mirrors.Select(mirror => SourceOutcome.None with { Error = Refused.GetValueOrDefault(mirror.Url.Uri) })];

    /// <summary>Where the checksum is from, if it is not from the user.</summary>
    public string? ChecksumSource { get; init; }

    /// <summary>The list that the checksum stands in, redacted; or null.</summary>
    public string? ChecksumList { get; init; }

    /// <summary>What a signature proves of that list; or null.</summary>
    public SignatureProof? Proof { get; init; }

    /// <summary>The signature that it must have; or null.</summary>
    public ImageSignature? ImageSignature { get; init; }

    /// <summary>What its pieces must hash to, or null.</summary>
    public PieceHashes? Pieces { get; init; }
}

/// <summary>Accepts a download under a name: the record is on disk first, then its volume is made.</summary>
/// <remarks>So a crash between the two leaves no volume that nobody knows of: <see cref="AbandonedStarts"/>.</remarks>
internal sealed class DownloadAcceptance(DownloadRegistry registry, DownloadServices services)
{
    private readonly AbandonedStarts _abandoned = new(registry, services);

    /// <summary>Takes the space, and puts the download on disk.</summary>
    /// <exception cref="DownloadException">Why it cannot be; then nothing is left of it, or it is dropped as soon as that can be.</exception>
    public async Task<Download> AcceptAsync(NameReservation reservation, FoundFile file, CancellationToken cancellationToken)
    {
        var download = services.NewDownload(services.Store.Add(Describe(reservation, file)));
        try
        {
            var made = await services.Space.CreateVolumeAsync(download.Record, promised => reservation.PromisedBytes = promised, cancellationToken);
            download.Accept(file.Request.StartPaused, r => r with
            {
                Allocation = made.Allocation,
                FileIdentity = made.File?.Identity,
                BirthCapacity = null,
            });
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.LibvirtUnreachable or DownloadErrorKind.LibvirtBusy)
        {
            // libvirt may have made the volume and not been able to say so; and a pool that is busy has been waited for once.
            _abandoned.DropLater(download, reservation);
            throw;
        }
        catch
        {
            await _abandoned.DropAsync(download, reservation);
            throw;
        }

        registry.Replace(reservation, download);
        var record = download.Record;
        services.Logger.Accepted(record.Volume, record.Url.ToString(), record.ImageSize);
        if (file.ChecksumSource is { } source) services.Logger.ChecksumFound(record.Volume, record.Checksum!.ToString(), source);
        if (record.Proof is { } proof) services.Logger.SignatureGood(record.Volume, $"the list {record.ChecksumList}", proof);
        if (record.FileIdentity is null) services.Logger.NotDurable(record.Volume);
        return download;
    }

    private DownloadRecord Describe(NameReservation reservation, FoundFile file) => new()
    {
        Volume = reservation.Volume,
        Url = file.Remote.Url,
        RequestedUrl = UrlMark.Of(RemoteUrl.Parse(file.Request.Url), services.Store.Id),
        Credentials = file.Remote.Credentials,
        Headers = file.Remote.Headers,
        Mirrors = file.Mirrors,
        Outcomes = file.Outcomes,
        UrlConnections = file.UrlConnections,
        Pieces = file.Pieces,
        Connections = file.Request.Connections,
        State = DownloadState.Preparing,
        Token = services.Volumes.NewToken(id: 0),
        BirthCapacity = VolumeMaker.ChooseBirthCapacity(SourceMapping.ImageSize(file.Info.SourceSize)),
        Version = file.Info.Version,
        IsResumable = file.Info is { IsResumable: true, SourceSize: not null },
        Checksum = file.Checksum,
        ChecksumSource = file.ChecksumSource,
        ChecksumList = file.ChecksumList,
        Proof = file.Proof,
        ImageSignature = file.ImageSignature,
        LimitRate = file.Request.LimitRate,
        CreatedAt = services.Time.GetUtcNow(),
    };
}
