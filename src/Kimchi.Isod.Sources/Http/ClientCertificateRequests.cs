using System.Collections.Concurrent;
using System.Net.Security;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Which servers have asked for a client's certificate (RFC 8446, section 4.3.2). Where there is none to give, many of them do without, and
/// those that do not just end the connection, with an alert that may mean many things, or that is lost on the way.</summary>
internal sealed class ClientCertificateRequests
{
    // Redirects can lead to any number of hosts.
    private const int MostHosts = 1000;

    /// <summary>What users are told.</summary>
    public const string Wanted = "the server wants a client certificate, and there is none for it (network:client_certificates)";

    private readonly ConcurrentDictionary<string, bool> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gives no certificate, and notes who wants one: the handshake has got as far as the server's own certificate then.</summary>
    public LocalCertificateSelectionCallback Note => (_, host, _, remote, _) =>
    {
        if (remote is not null && _hosts.Count < MostHosts) _hosts[host] = true;
        return null!;
    };

    /// <summary>Whether a server has asked for one that it did not get.</summary>
    public bool IsFrom(RemoteUrl url) => !_hosts.IsEmpty && _hosts.ContainsKey(url.Uri.IdnHost);

    /// <summary>A server has answered, so it does without.</summary>
    public void Answered(RemoteUrl url)
    {
        if (!_hosts.IsEmpty) _hosts.TryRemove(url.Uri.IdnHost, out _);
    }

    /// <summary>Names the cause of a connection that has failed after its server has asked for a certificate. Whether it may pass stays as it is.</summary>
    public DownloadException Explain(DownloadException failure, RemoteUrl url)
    {
        if (!_hosts.ContainsKey(url.Uri.IdnHost) || failure.Message.Contains("client certificate,", StringComparison.Ordinal)) return failure;
        var message = $"{failure.Message}; it seems that {Wanted}";
        return failure.IsTransient
            ? DownloadException.Transient(failure.Kind, message, failure.InnerException, failure.RetryAfter)
            : new DownloadException(failure.Kind, message, failure.InnerException);
    }
}
