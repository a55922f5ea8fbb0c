using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Ftp;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources;

/// <summary>Opens a remote file by the protocol that its URL names.</summary>
public sealed class RemoteSource : IRemoteSource, IDisposable
{
    private readonly HttpSource _http;
    private readonly FtpSource _ftp;

    /// <summary>Sets up every protocol.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> cannot be used.</exception>
    public RemoteSource(NetworkOptions options, TimeProvider time)
    {
        _http = new HttpSource(options, time);
        _ftp = new FtpSource(options, time);
    }

    /// <inheritdoc/>
    public Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken) =>
        request.Url.Uri.Scheme is "http" or "https"
            ? _http.OpenAsync(request, cancellationToken)
            : _ftp.OpenAsync(request, cancellationToken);

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _http.Dispose();
}
