using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.Space;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What every job works with.</summary>
/// <param name="Source">Where files come from.</param>
/// <param name="Volumes">Where they go.</param>
/// <param name="Space">Gives out the pools' space.</param>
/// <param name="Options">Limits and policies.</param>
/// <param name="Trust">Whose images are taken.</param>
/// <param name="Signatures">Judges OpenPGP signatures.</param>
/// <param name="Limit">The rate of all downloads together.</param>
/// <param name="Hosts">How many connections servers may have.</param>
/// <param name="Memory">The memory for what several connections bring.</param>
/// <param name="Statistics">What has happened so far.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
public sealed record DownloadServices(
    IRemoteSource Source,
    VolumeServices Volumes,
    PoolSpace Space,
    DownloadOptions Options,
    TrustOptions Trust,
    ISignatureVerifier Signatures,
    RateLimit Limit,
    HostConnections Hosts,
    BufferBudget Memory,
    DownloadStatistics Statistics,
    TimeProvider Time,
    ILogger<Download> Logger)
{
    /// <summary>Where volumes are.</summary>
    public IVolumePools Pools => Volumes.Pools;

    /// <summary>Where the records are kept.</summary>
    public IDownloadStore Store => Volumes.Store;

    /// <summary>A download whose record the store has.</summary>
    internal Download NewDownload(DownloadRecord record) => new(record, Store, Statistics, Time);
}
