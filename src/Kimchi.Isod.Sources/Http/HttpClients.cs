using System.Collections.Concurrent;
using System.Net.Security;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Who sends requests: one client for all hosts, and one for each host that gets a certificate from us, whose connections no other
/// request may use.</summary>
internal sealed class HttpClients(NetworkOptions options, TimeProvider time, ClientCertificates certificates, ClientCertificateRequests requests)
    : IDisposable
{
    private readonly ConcurrentBag<HttpMessageInvoker> _all = [];
    private readonly ConcurrentDictionary<(string Path, string Stamp), Lazy<HttpMessageInvoker>> _certified = [];
    private readonly HttpMessageInvoker _client = new(HttpConnections.CreateHandler(options, time, requests.Note));

    /// <summary>The client for a request.</summary>
    /// <exception cref="DownloadException">The certificate for its host cannot be used.</exception>
    public HttpMessageInvoker For(RemoteUrl target) => target.IsEncrypted && certificates.Find(target.Uri) is { } certificate
        ? _certified.GetOrAdd((certificate.Path, certificate.Stamp), _ => new(() => Create(certificate))).Value
        : _client;

    /// <summary>Closes every connection.</summary>
    public void Dispose()
    {
        _client.Dispose();
        foreach (var client in _all) client.Dispose();
    }

    private HttpMessageInvoker Create(ClientCertificate certificate)
    {
        var handler = HttpConnections.CreateHandler(options, time, select: null);
        // With those that have issued it, which the server may not have. Nothing is fetched.
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, certificate.Issuers, offline: true);
        var client = new HttpMessageInvoker(handler);
        _all.Add(client);
        return client;
    }
}
