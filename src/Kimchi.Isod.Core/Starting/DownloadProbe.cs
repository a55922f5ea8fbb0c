using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What a start would find.</summary>
/// <param name="Name">The name that the volume would have, or null where the URL yields none.</param>
/// <param name="Info">What the server says of the file.</param>
/// <param name="Fits">Whether the pool has room for it; null where the size is not known.</param>
public sealed record ProbeResult(string? Name, RemoteFileInfo Info, bool? Fits)
{
    /// <summary>The size in bytes of the image, or null where nothing tells.</summary>
    public long? ImageSize => SourceMapping.ImageSize(Info.SourceSize);

    /// <summary>Where the same file is, too.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; init; } = [];

    /// <summary>What it would be compared with, though the user gives nothing; null for nothing.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>What a start with the checksum <c>auto</c> would find; null for nothing.</summary>
    public Checksum? FoundChecksum { get; init; }

    /// <summary>Where it would be found, or why not.</summary>
    public string? FoundChecksumSource { get; init; }

    /// <summary>Whether the URL is a metalink, and the rest is of the file that it leads to.</summary>
    public bool IsMetalink { get; init; }
}

/// <summary>Looks at a remote file as a start would, and stores nothing.</summary>
public sealed class DownloadProbe(DownloadRegistry registry, DownloadServices services)
{
    // Nobody waits as long for a look as for a start.
    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(15);

    private readonly FileFinder _finder = new(services);
    private readonly ChecksumSearch _search = new(services);

    /// <summary>Reaches the file.</summary>
    /// <exception cref="DownloadException">Why a start could not be.</exception>
    public async Task<ProbeResult> RunAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var (sources, pool) = (RequestedSources.From(request), request.Pool);
        await services.Pools.CheckPoolAsync(pool, cancellationToken);
        RemoteFileInfo info;
        var reached = await _finder.ReachAsync(sources, name: null, isJudged: false, cancellationToken);
        await using (reached.File)
            info = await RangeSupport.SettleAsync(services.Source, reached.Remote with { IsJudged = reached.Told is not null }, reached.Info, cancellationToken);
        var fits = SourceMapping.ImageSize(info.SourceSize) is { } size ? await services.Space.HasRoomAsync(pool, size, cancellationToken) : default(bool?);
        var (found, source) = await FindChecksumAsync(reached, sources, cancellationToken);
        return new ProbeResult(await FindNameAsync(pool, info, cancellationToken), info, fits)
        {
            Mirrors = reached.Mirrors,
            Checksum = reached.Told?.Checksum,
            FoundChecksum = found,
            FoundChecksumSource = source,
            IsMetalink = reached.IsByMetalink,
        };
    }

    private async Task<(Checksum? Found, string? Source)> FindChecksumAsync(ReachedFile reached, RequestedSources sources, CancellationToken cancellationToken)
    {
        if (reached.Told is { } told) return (told.Checksum, told.Source);
        try
        {
            var remote = new RemoteRequest(MetalinkDocument.WithoutSuffix(sources.Url), sources.Url.Credentials) { Headers = sources.Headers };
            var found = await _search.RunAsync(remote, name: null, SearchPatience, cancellationToken);
            return (found.Checksum, found.Source);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.ChecksumNotFound)
        {
            return (null, e.Message);
        }
    }

    private async Task<string?> FindNameAsync(string pool, RemoteFileInfo info, CancellationToken cancellationToken)
    {
        if (VolumeName.FindUsable(info.NameCandidates) is not { } stem) return null;
        foreach (var name in VolumeName.Series(stem))
        {
            var volume = new VolumeId(pool, name);
            if (!registry.IsTaken(volume) && !await services.Pools.VolumeExistsAsync(volume, cancellationToken)) return name;
        }

        return null;
    }
}
