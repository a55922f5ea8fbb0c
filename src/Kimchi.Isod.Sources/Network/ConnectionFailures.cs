using System.Net.Sockets;
using System.Security.Authentication;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Why no reply came, in the user's words, and whether trying again can help.</summary>
internal static class ConnectionFailures
{
    /// <summary>No connection stood in time.</summary>
    public static DownloadException NoConnection(RemoteUrl url, NetworkOptions options, Exception cause) => Transient(
        url, $"no connection to {url.Server} within {options.ConnectTimeout.TotalSeconds} s (downloads:connect_timeout)", cause);

    /// <summary>The connection stood, but no reply came in time.</summary>
    public static DownloadException NoReply(RemoteUrl url, NetworkOptions options, Exception cause) => Transient(
        url, $"{url.Server} did not answer within {(options.ConnectTimeout + options.StallTimeout).TotalSeconds} s", cause);

    /// <summary>No connection could be made, or it broke before a reply.</summary>
    public static DownloadException Translate(Exception e, RemoteUrl url, NetworkOptions options)
    {
        var cause = FindCause(e);
        return cause switch
        {
            DownloadException { IsTransient: true } failure => Transient(url, failure.Message, e),
            DownloadException failure => Permanent(url, failure.Message, e),
            // The handler's own timer, since nobody else's reaches into it.
            OperationCanceledException or TimeoutException => NoConnection(url, options, e),
            SocketException socket => Transient(url, Describe(socket, url), e),
            AuthenticationException => TlsFailed(url, cause.GetBaseException().Message, e),
            // A server of TLS 1.3 tells what it does not like after the handshake, in place of a reply.
            _ when TlsFault.Find(e) is not null => TlsFailed(url, cause.Message, e),
            _ => Translate((e as HttpRequestException)?.HttpRequestError, e, cause, url),
        };
    }

    private static DownloadException Translate(HttpRequestError? error, Exception e, Exception cause, RemoteUrl url) => error switch
    {
        HttpRequestError.ProxyTunnelError when e.Message.Contains("407", StringComparison.Ordinal) =>
            Permanent(url, $"the proxy wants a user name and a password that it accepts (network:proxy): {e.Message}", e),
        HttpRequestError.ProxyTunnelError => Transient(url, $"the proxy does not connect (network:proxy): {e.Message}", e),
        HttpRequestError.InvalidResponse =>
            Permanent(url, $"what {url.Server} answers is not HTTP: {cause.Message}; check the scheme and the port", e),
        HttpRequestError.ConfigurationLimitExceeded => Permanent(url, $"the headers that {url.Server} sent are too long", e),
        HttpRequestError.ResponseEnded => Transient(url, $"{url.Server} closed the connection before a reply", e),
        HttpRequestError.SecureConnectionError => Transient(url, $"TLS with {url.Server} broke off: {cause.Message}", e),
        _ => Transient(url, $"the connection to {url.Server} failed: {cause.Message}", e),
    };

    private static DownloadException TlsFailed(RemoteUrl url, string words, Exception e)
    {
        var fault = TlsFault.Find(e) ?? new TlsFault($"{words}; is it an https server?");
        var what = $"TLS with {url.Server} failed: {fault.What}";
        return fault.IsTransient ? Transient(url, what, e) : Permanent(url, what, e);
    }

    private static string Describe(SocketException e, RemoteUrl url) => e.SocketErrorCode switch
    {
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery =>
            $"the host '{url.Uri.Host}' is not found ({e.Message}); check the URL and the name server",
        SocketError.ConnectionRefused => $"{url.Server} refused the connection",
        SocketError.ConnectionReset => $"{url.Server} reset the connection",
        SocketError.TimedOut => $"{url.Server} does not answer to connections",
        _ => $"the connection to {url.Server} failed: {e.Message}",
    };

    private static Exception FindCause(Exception e)
    {
        while (e is not (DownloadException or AuthenticationException) && e.InnerException is { } inner) e = inner;
        return e;
    }

    private static DownloadException Permanent(RemoteUrl url, string what, Exception cause) =>
        new(DownloadErrorKind.RemoteUnreadable, $"{url}: {what}", cause);

    private static DownloadException Transient(RemoteUrl url, string what, Exception cause) =>
        DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{url}: {what}", cause);
}
