using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Remote;

/// <summary>Opens remote files. One adapter for each family of protocols.</summary>
public interface IRemoteSource
{
    /// <summary>Opens a file for reading and tells what the server says of it.</summary>
    /// <returns>
    /// An open file whose <see cref="IRemoteFile.SourceOffset"/> is the one asked for, or one before it, of a version that may be put together
    /// with <see cref="RemoteRequest.Expected"/> (<see cref="RemoteRequest.Allows"/>); or 0 with any version, when the server cannot
    /// continue, nothing proves that it would be the same file, or the file has changed.
    /// </returns>
    /// <exception cref="DownloadException">The file cannot be read
    /// (<see cref="DownloadErrorKind.RemoteUnreadable"/>) or is not worth storing
    /// (<see cref="DownloadErrorKind.NotAnImage"/>).</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken);

    /// <summary>Finds out, within a few seconds, whether a file can be sent from a byte in the middle, by a request for its last byte.</summary>
    /// <param name="request">How the file was asked for.</param>
    /// <param name="info">What the server said of it, the size among it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False also where no usable answer came.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken);
}

/// <summary>An open remote file: one connection, read once from front to back.</summary>
public interface IRemoteFile : IAsyncDisposable
{
    /// <summary>What the server said of the whole file.</summary>
    RemoteFileInfo Info { get; }

    /// <summary>The position in the file of the first byte that <see cref="ReadAsync"/> gives.</summary>
    long SourceOffset { get; }

    /// <summary>What the end of the bytes says of the file's end. Final once <see cref="ReadAsync"/> has given 0;
    /// <see cref="EndEvidence.Part"/> is known from the start.</summary>
    EndEvidence End { get; }

    /// <summary>Reads what has arrived, at least one byte; 0 at the end.</summary>
    /// <remarks>An end before the one that the server announced is a transient failure, never 0.</remarks>
    /// <exception cref="DownloadException">The connection broke, stalled or ended early.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
