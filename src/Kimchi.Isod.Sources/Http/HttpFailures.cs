using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>What went wrong on the wire, in the user's words, and whether trying again can help.</summary>
internal static class HttpFailures
{
    /// <summary>The server answered with an error.</summary>
    public static DownloadException Refused(HttpResponseMessage response, RemoteUrl url)
    {
        var status = (int)response.StatusCode;
        var message = $"{url}: the server answered {status} {response.ReasonPhrase}{Mend(status)}";
        return status is 408 or 425 or 429 or 500 or 502 or 503 or 504
            ? DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, message, retryAfter: RetryAfter(response))
            : new DownloadException(DownloadErrorKind.RemoteUnreadable, message);
    }

    /// <summary>No reply came in time.</summary>
    public static DownloadException NoReply(RemoteUrl url, NetworkOptions options) => DownloadException.Transient(
        DownloadErrorKind.RemoteUnreadable,
        $"{url}: the server did not answer within {(options.ConnectTimeout + options.StallTimeout).TotalSeconds} s");

    /// <summary>The server was silent, or too slow, in the middle of the file.</summary>
    public static DownloadException Stalled(RemoteUrl url, long position, NetworkOptions options) => DownloadException.Transient(
        DownloadErrorKind.RemoteUnreadable,
        $"{url}: the transfer stalled at byte {position} for {options.StallTimeout.TotalSeconds} s (downloads:stall_timeout)");

    /// <summary>The body ended before the file did, or the connection broke.</summary>
    public static DownloadException Broken(RemoteUrl url, long position, long? size, Exception? cause) => DownloadException.Transient(
        DownloadErrorKind.RemoteUnreadable,
        $"{url}: the connection ended at byte {position} of {size?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number"}" +
        (cause is null ? "" : $" ({Innermost(cause).Message})"),
        cause);

    /// <summary>No connection could be made, or it broke before a reply.</summary>
    public static DownloadException Translate(HttpRequestException e, RemoteUrl url)
    {
        var cause = Innermost(e);
        return cause switch
        {
            DownloadException failure => failure,
            AuthenticationException => new DownloadException(DownloadErrorKind.RemoteUnreadable, $"{url}: {DescribeTls(cause.Message)}", e),
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } => DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"{url}: the host '{url.Uri.Host}' is not known; check the URL and the name server", e),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"{url}: the connection was refused by {url.Uri.Host} on port {url.Uri.Port}", e),
            _ when e.HttpRequestError is HttpRequestError.ProxyTunnelError => DownloadException.Transient(
                DownloadErrorKind.RemoteUnreadable, $"{url}: the proxy refused to connect: {e.Message}; see network:proxy", e),
            _ => DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{url}: the connection failed: {cause.Message}", e),
        };
    }

    private static Exception Innermost(Exception e)
    {
        while (e is not (DownloadException or AuthenticationException) && e.InnerException is { } inner) e = inner;
        return e;
    }

    private static string DescribeTls(string message) => message switch
    {
        _ when message.Contains("NameMismatch", StringComparison.Ordinal) =>
            "the server's certificate is for another host name; use the name that it is for",
        _ when message.Contains("NotTimeValid", StringComparison.Ordinal) =>
            "the server's certificate has expired or is not valid yet; check this machine's clock",
        _ when message.Contains("UntrustedRoot", StringComparison.Ordinal) || message.Contains("PartialChain", StringComparison.Ordinal) =>
            "the server's certificate is from an authority that is not trusted; if it is yours, name its file in network:ca_file",
        _ => $"TLS failed: {message}",
    };

    private static string Mend(int status) => status switch
    {
        401 => "; give a user name and a password that it accepts",
        403 => "; the URL may have expired, or needs a user name and a password",
        404 or 410 => "; check the URL",
        407 => "; the proxy wants a user name and a password: see network:proxy",
        _ => "",
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > DateTimeOffset.UtcNow => date - DateTimeOffset.UtcNow,
        _ => null,
    };
}
