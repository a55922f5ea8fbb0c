using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Space;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What every job works with.</summary>
/// <param name="Source">Where files come from.</param>
/// <param name="Pools">Where they go.</param>
/// <param name="Store">Where the records are kept.</param>
/// <param name="Space">Gives out the pools' space.</param>
/// <param name="Options">Limits and policies.</param>
/// <param name="Limit">The rate of all downloads together.</param>
/// <param name="Statistics">What has happened so far.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
public sealed record DownloadServices(
    IRemoteSource Source,
    IVolumePools Pools,
    IDownloadStore Store,
    PoolSpace Space,
    DownloadOptions Options,
    RateLimit Limit,
    DownloadStatistics Statistics,
    TimeProvider Time,
    ILogger<Download> Logger)
{
    /// <summary>A token for the volume of a download.</summary>
    /// <param name="id">The download's id.</param>
    public VolumeToken NewToken(long id) => VolumeToken.New(Store.Id) with { DownloadId = id };

    /// <summary>A download whose record the store has.</summary>
    internal Download NewDownload(DownloadRecord record) => new(record, Store, Statistics, Time);
}
