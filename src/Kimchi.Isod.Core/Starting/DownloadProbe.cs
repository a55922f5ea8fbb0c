using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
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

    /// <summary>Whether the URL is a metalink, and the rest is of the file that it leads to.</summary>
    public bool IsMetalink { get; init; }
}

/// <summary>Looks at a remote file as a start would, and stores nothing.</summary>
public sealed class DownloadProbe(DownloadRegistry registry, DownloadServices services)
{
    private readonly FileFinder _finder = new(services);

    /// <summary>Reaches the file.</summary>
    /// <exception cref="DownloadException">Why a start could not be.</exception>
    public async Task<ProbeResult> RunAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var pool = request.Pool;
        var sources = RequestedSources.From(request);
        await services.Pools.CheckPoolAsync(pool, cancellationToken);
        RemoteFileInfo info;
        var reached = await _finder.ReachAsync(sources, name: null, isJudged: false, cancellationToken);
        await using (reached.File)
            info = await RangeSupport.SettleAsync(services.Source, reached.Remote with { IsJudged = reached.Told is not null }, reached.Info, cancellationToken);
        var fits = SourceMapping.ImageSize(info.SourceSize) is { } size ? await services.Space.HasRoomAsync(pool, size, cancellationToken) : default(bool?);
        return new ProbeResult(await FindNameAsync(pool, info, cancellationToken), info, fits)
        {
            Mirrors = reached.Mirrors,
            Checksum = reached.Told?.Checksum,
            IsMetalink = reached.IsByMetalink,
        };
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
