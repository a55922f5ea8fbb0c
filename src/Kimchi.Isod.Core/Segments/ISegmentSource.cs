using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Segments;

/// <summary>A server that can be asked for parts of the image.</summary>
internal interface ISegmentSource
{
    /// <summary>The server's name, for the limits of connections.</summary>
    string Host { get; }

    /// <summary>Opens a part.</summary>
    /// <param name="range">Its bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Exactly these bytes, of the version that the image is of.</returns>
    /// <exception cref="DownloadException">The part cannot be had. With <see cref="DownloadException.IsUnusableRest"/> no part can be had of
    /// this server.</exception>
    Task<IRemoteFile> OpenAsync(ImageRange range, CancellationToken cancellationToken);
}
