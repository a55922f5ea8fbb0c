using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Ftp;
using Kimchi.Isod.Sources.Http;
using Kimchi.Isod.Sources.Network;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kimchi.Isod.Sources;

/// <summary>Opens a remote file by the protocol that its URL names.</summary>
public sealed class RemoteSource : IRemoteSource, IDisposable
{
    private readonly HttpSource _http;
    private readonly FtpSource _ftp;
    private readonly Netrc? _netrc;

    /// <summary>Sets up every protocol.</summary>
    /// <exception cref="IOException">The file of <see cref="NetworkOptions.CaFile"/> or <see cref="NetworkOptions.Netrc"/> cannot be
    /// used, or one of <see cref="NetworkOptions.ClientCertificates"/>.</exception>
    public RemoteSource(NetworkOptions options, TimeProvider time, ILogger<RemoteSource>? logger = null)
    {
        var certificates = new ClientCertificates(options, logger ?? NullLogger<RemoteSource>.Instance);
        _netrc = options.Netrc is { } path ? Netrc.Load(path) : null;
        _http = new HttpSource(options, time, certificates, _netrc);
        _ftp = new FtpSource(options, time, certificates);
    }

    /// <inheritdoc/>
    public Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (!IsHttp(request)) return _ftp.OpenAsync(Complete(request), cancellationToken);
        return request.IsSegment
            ? _http.OpenAsync(Complete(request), cancellationToken)
            : WebPageGuard.OpenAsync(_http, Complete(request), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken) =>
        (IsHttp(request) ? (IRemoteSource)_http : _ftp).CanContinueAsync(Complete(request), info, cancellationToken);

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _http.Dispose();

    private static bool IsHttp(RemoteRequest request) => request.Url.Uri.Scheme is "http" or "https";

    private RemoteRequest Complete(RemoteRequest request)
    {
        var url = HostNames.Map(request.Url);
        var given = request.Credentials ?? url.Credentials;
        var login = given is null ? null : _netrc?.Complete(given, url.Uri) ?? given;
        // Of HTTP, each redirect may lead to another host with a password of its own: Redirects looks it up.
        return request with { Url = url, Headers = request.Headers?.WithOrigin(HostNames.Map), Credentials = login ?? (IsHttp(request) ? null : _netrc?.Find(url.Uri)) };
    }
}
