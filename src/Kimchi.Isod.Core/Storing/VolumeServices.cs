using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Storing;

/// <summary>What is needed to reach the volumes of downloads.</summary>
/// <param name="Pools">Where they are.</param>
/// <param name="Store">Knows whose they are.</param>
/// <param name="Logger">The log.</param>
public sealed record VolumeServices(IVolumePools Pools, IDownloadStore Store, ILogger Logger)
{
    /// <summary>A token for the volume of a download.</summary>
    /// <param name="id">The download's id.</param>
    public VolumeToken NewToken(long id) => VolumeToken.New(Store.Id) with { DownloadId = id };
}
