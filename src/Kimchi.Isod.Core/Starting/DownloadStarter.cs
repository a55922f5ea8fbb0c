using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Accepts a download: reaches the file, takes a name and the space, and puts the record on disk.</summary>
public sealed class DownloadStarter(DownloadRegistry registry, DownloadScheduler scheduler, DownloadServices services)
{
    private readonly DownloadAcceptance _acceptance = new(registry, services);
    private readonly FileFinder _finder = new(services);
    private readonly ChecksumSearch _search = new(services);

    /// <summary>Starts a download. When this returns, nothing but a failure of the transfer, or the user, ends it.</summary>
    /// <returns>Its record.</returns>
    /// <exception cref="DownloadException">Why it cannot be; then nothing is left of it.</exception>
    public async Task<DownloadRecord> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var sources = RequestedSources.From(request);
        var requested = RequestedChecksum.From(request);
        var signature = RequestedSignature.From(request, services.Trust);
        RateLimit.Check(request.LimitRate);
        using var given = (request.Name ?? request.OwnName) is { } name ? await TakeGivenNameAsync(new VolumeId(request.Pool, name), cancellationToken) : null;
        if (given is null) await services.Pools.CheckPoolAsync(request.Pool, cancellationToken);
        using var place = scheduler.TakePlace();
        // Before the image is asked for: what is not signed as it must be is not fetched.
        var image = ImageRequest(sources);
        var wanted = await requested.ResolveAsync(services, image, request.Name, signature, cancellationToken);
        var imageSignature = await signature.PrepareImageAsync(services, image, cancellationToken);
        var reached = await _finder.ReachAsync(sources, request.Name, requested.IsGiven || signature.IsOfImage, cancellationToken);
        var file = reached.File;
        Download download;
        try
        {
            // What a metalink or the server itself says of the file is found already.
            if (requested.IsAuto) wanted = reached.Told ?? await _search.RunAsync(image, request.Name, services.Options.ChecksumTimeout, cancellationToken);
            var found = await DescribeAsync(reached.Reconcile(wanted?.Checksum), wanted, imageSignature, request, cancellationToken);
            download = given is null
                ? await AcceptUnderItsOwnNameAsync(request.Pool, found, cancellationToken)
                : await AcceptGivenNameAsync(given, found, cancellationToken);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        if (request.StartPaused) await file.DisposeAsync();
        else await scheduler.EnqueueAsync(download, file);
        return download.Record;
    }

    /// <summary>Finds out which volume a start would fill, and with what: the file is reached only where its name is not given.</summary>
    /// <exception cref="DownloadException">Why such a start could not be.</exception>
    internal async Task<WantedImage> IdentifyAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var sources = RequestedSources.From(request);
        var requested = RequestedChecksum.From(request);
        var signature = RequestedSignature.From(request, services.Trust);
        RateLimit.Check(request.LimitRate);
        if (request.Name is { } given) VolumeName.Check(given);
        await services.Pools.CheckPoolAsync(request.Pool, cancellationToken);
        var image = ImageRequest(sources);
        var checksum = requested.IsAuto
            ? await _search.RunAsync(image, request.Name, services.Options.ChecksumTimeout, cancellationToken)
            : await requested.ResolveAsync(services, image, request.Name, signature, cancellationToken);
        var imageSignature = await signature.PrepareImageAsync(services, image, cancellationToken);
        var name = request.Name ?? await FindNameAsync(sources, requested.IsGiven || signature.IsOfImage, cancellationToken);
        return new WantedImage(
            new VolumeId(request.Pool, name), UrlMark.Of(sources.Url, services.Store.Id), checksum?.Checksum, request with { OwnName = name, FoundChecksum = checksum })
        {
            ListProof = checksum?.Proof,
            Signature = imageSignature,
        };
    }

    private static RemoteRequest ImageRequest(RequestedSources sources) =>
        new(MetalinkDocument.WithoutSuffix(sources.Url), sources.Url.Credentials) { Headers = sources.Headers };

    private async Task<string> FindNameAsync(RequestedSources sources, bool isJudged, CancellationToken cancellationToken)
    {
        var reached = await _finder.ReachAsync(sources, name: null, isJudged, cancellationToken);
        await using (reached.File) return VolumeName.FindUsable(reached.Info.NameCandidates) ?? throw NoName();
    }

    private async Task<FoundFile> DescribeAsync(
        ReachedFile reached, SourcedChecksum? wanted, ImageSignature? signature, StartRequest request, CancellationToken cancellationToken)
    {
        var checksum = wanted?.Checksum ?? reached.Told?.Checksum;
        var remote = reached.Remote with { IsJudged = checksum is not null || signature is not null };
        var info = await RangeSupport.SettleAsync(services.Source, remote, reached.Info, cancellationToken);
        return new FoundFile(remote, info, checksum, request)
        {
            Mirrors = reached.Mirrors,
            Refused = reached.Refused,
            UrlConnections = reached.MostConnections,
            Pieces = reached.Pieces,
            ChecksumSource = wanted is null ? reached.Told?.Source : wanted.Source,
            ChecksumList = wanted?.ListUrl,
            Proof = wanted?.Proof,
            ImageSignature = signature,
        };
    }

    private async Task<NameReservation> TakeGivenNameAsync(VolumeId volume, CancellationToken cancellationToken)
    {
        VolumeName.Check(volume.Name);
        if (!registry.TryReserve(volume, out var reservation)) throw ForeignVolume.NameInUse(volume, null);
        try
        {
            if (await services.Pools.VolumeExistsAsync(volume, cancellationToken)) throw await NameInUseAsync(volume);
        }
        catch
        {
            reservation.Dispose();
            throw;
        }

        return reservation;
    }

    private async Task<Download> AcceptGivenNameAsync(NameReservation given, FoundFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await _acceptance.AcceptAsync(given, file, cancellationToken);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.NameInUse)
        {
            // Somebody else created it since we looked, another host perhaps.
            throw await NameInUseAsync(given.Volume);
        }
    }

    private async Task<Download> AcceptUnderItsOwnNameAsync(
        string pool, FoundFile file, CancellationToken cancellationToken)
    {
        var stem = VolumeName.FindUsable(file.Info.NameCandidates) ?? throw NoName();
        foreach (var name in VolumeName.Series(stem))
        {
            var volume = new VolumeId(pool, name);
            if (!registry.TryReserve(volume, out var reservation)) continue;
            using var taken = reservation;
            if (await services.Pools.VolumeExistsAsync(volume, cancellationToken)) continue;
            try
            {
                return await _acceptance.AcceptAsync(reservation, file, cancellationToken);
            }
            catch (DownloadException e) when (e.Kind is DownloadErrorKind.NameInUse)
            {
                // Somebody else created it since we looked.
            }
        }

        throw new DownloadException(
            DownloadErrorKind.FieldInvalid,
            $"the field 'name' is missing, and {VolumeName.Quote(stem)} and its numbered forms are all taken: give a name");
    }

    private static DownloadException NoName() => new(
        DownloadErrorKind.FieldInvalid, "the field 'name' is missing, and the URL yields no usable file name: give a name");

    private async Task<DownloadException> NameInUseAsync(VolumeId volume) =>
        ForeignVolume.NameInUse(volume, await DownloadVolume.FindTokenAsync(volume, services.Volumes));
}
