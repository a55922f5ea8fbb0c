using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources;

/// <summary>Opens a remote file by the protocol that its URL names.</summary>
public sealed class RemoteSource : IRemoteSource, IDisposable
{
    private readonly HttpSource _http;

    /// <summary>Sets up every protocol.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    public RemoteSource(NetworkOptions options, TimeProvider time) => _http = new HttpSource(options, time);

    /// <inheritdoc/>
    public Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken) =>
        request.Url.Uri.Scheme is "http" or "https"
            ? _http.OpenAsync(request, cancellationToken)
            : throw new DownloadException(
                DownloadErrorKind.RemoteUnreadable,
                $"{request.Url}: this version cannot read {request.Url.Uri.Scheme} URLs yet; use http or https");

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _http.Dispose();
}
