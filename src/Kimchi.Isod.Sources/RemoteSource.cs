using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Ftp;
using Kimchi.Isod.Sources.Http;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources;

/// <summary>Opens a remote file by the protocol that its URL names.</summary>
public sealed class RemoteSource : IRemoteSource, IDisposable
{
    private readonly HttpSource _http;
    private readonly FtpSource _ftp;
    private readonly Netrc? _netrc;

    /// <summary>Sets up every protocol.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> or <see cref="NetworkOptions.Netrc"/> cannot be
    /// used.</exception>
    public RemoteSource(NetworkOptions options, TimeProvider time)
    {
        _http = new HttpSource(options, time);
        _ftp = new FtpSource(options, time);
        if (options.Netrc is { } path) _netrc = Netrc.Load(path);
    }

    /// <inheritdoc/>
    public Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken) =>
        Find(request).OpenAsync(Complete(request), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken) =>
        Find(request).CanContinueAsync(Complete(request), info, cancellationToken);

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _http.Dispose();

    private IRemoteSource Find(RemoteRequest request) => request.Url.Uri.Scheme is "http" or "https" ? _http : _ftp;

    private RemoteRequest Complete(RemoteRequest request) =>
        request with { Credentials = request.Credentials ?? request.Url.Credentials ?? _netrc?.Find(request.Url.Uri.IdnHost) };
}
