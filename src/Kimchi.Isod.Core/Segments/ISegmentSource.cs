using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Segments;

/// <summary>A server that can be asked for parts of the image.</summary>
internal interface ISegmentSource
{
    /// <summary>The server's name, for the limits of connections.</summary>
    string Host { get; }

    /// <summary>Whether parts can be had of it, as far as is known.</summary>
    bool IsUsable { get; }

    /// <summary>How many connections it is to have at most. An only one is worth a long part: of FTP, each part has a login of its own.</summary>
    int MostConnections { get; }

    /// <summary>How many connections there are to it.</summary>
    int Connections { get; }

    /// <summary>A connection to it begins.</summary>
    void Connect();

    /// <summary>A connection to it has ended.</summary>
    /// <param name="failure">What it failed of, or null.</param>
    /// <param name="hasBrought">Whether it has brought any byte.</param>
    void Disconnect(DownloadException? failure, bool hasBrought);

    /// <summary>Bytes came from it.</summary>
    void Count(int bytes);

    /// <summary>Bytes of the image that came from it are going to be stored.</summary>
    void Brought(ImageRange range);

    /// <summary>Opens a part.</summary>
    /// <param name="range">Its bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Exactly these bytes, of the version that the image is of.</returns>
    /// <exception cref="DownloadException">The part cannot be had. With <see cref="DownloadException.IsUnusableRest"/> no part can be had of
    /// this server.</exception>
    Task<IRemoteFile> OpenAsync(ImageRange range, CancellationToken cancellationToken);
}
