using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Remote;

/// <summary>Opens remote files. One adapter for each family of protocols.</summary>
public interface IRemoteSource
{
    /// <summary>Opens a file for reading and tells what the server says of it. No byte is asked for twice.</summary>
    /// <returns>
    /// An open file whose <see cref="IRemoteFile.Offset"/> is the one asked for, its version proven to be
    /// <see cref="RemoteRequest.Expected"/>; or 0, when the server cannot continue or the file has changed.
    /// </returns>
    /// <exception cref="DownloadException">The file cannot be read
    /// (<see cref="DownloadErrorKind.RemoteUnreadable"/>) or is not worth storing
    /// (<see cref="DownloadErrorKind.NotAnImage"/>).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken);
}

/// <summary>An open remote file: one connection, read once from front to back.</summary>
public interface IRemoteFile : IAsyncDisposable
{
    /// <summary>What the server said of the whole file.</summary>
    RemoteFileInfo Info { get; }

    /// <summary>The position in the file of the first byte that <see cref="ReadAsync"/> gives.</summary>
    long Offset { get; }

    /// <summary>Reads what has arrived, at least one byte; 0 at the file's proven end.</summary>
    /// <remarks>An end before the size that the server told is a transient failure, never 0.</remarks>
    /// <exception cref="DownloadException">The connection broke, stalled or ended early.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
