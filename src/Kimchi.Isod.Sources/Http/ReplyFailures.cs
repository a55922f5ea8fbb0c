using System.Net;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A server's refusal, in the user's words, and whether trying again can help.</summary>
internal static class ReplyFailures
{
    private const int LongestPhrase = 100;

    /// <summary>The server answered with something else than the file.</summary>
    public static DownloadException Refused(HttpReply reply, TimeProvider time)
    {
        var response = reply.Response;
        var status = (int)response.StatusCode;
        var message = $"{reply.Url}: {reply.Url.Server} answered {status} {Phrase(response)}".TrimEnd();
        // A mirror that lacks the file, or does not let us have it: the next redirect may lead to one that has it.
        if (reply.IsElsewhere && status is 403 or 404 or 410)
        {
            var ofMirror = new DownloadException(
                DownloadErrorKind.RemoteUnreadable, $"{message}, where a redirect had led to; another mirror may have the file").OfMirror();
            return status is 403 ? ofMirror : ofMirror.Absent();
        }

        message += reply.WantsCertificate && HttpReply.MayBeForCertificate(response.StatusCode)
            ? $"; it seems that {ClientCertificateRequests.Wanted}"
            : Advice(response.StatusCode);
        var failure = status is 408 or 425 or 429 or 500 or 502 or 503 or 504
            ? DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, message, retryAfter: RetryAfter(response, time))
            : new DownloadException(DownloadErrorKind.RemoteUnreadable, message);
        if (status is 404 or 410) return failure.Absent();
        return reply.IsElsewhere && failure.IsTransient ? failure.OfMirror() : failure;
    }

    // Foreign text: it may be long and may hold what a terminal would obey.
    private static string Phrase(HttpResponseMessage response) =>
        new([.. (response.ReasonPhrase ?? "").Where(c => !char.IsControl(c)).Take(LongestPhrase)]);

    private static string Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "; give a user name and a password that it accepts",
        HttpStatusCode.Forbidden => "; the URL may have expired, or needs a user name and a password",
        HttpStatusCode.NotFound or HttpStatusCode.Gone => "; check the URL",
        HttpStatusCode.ProxyAuthenticationRequired => "; the proxy wants a user name and a password that it accepts (network:proxy)",
        _ => "",
    };

    // RFC 9110, section 10.2.3: seconds, or a date, which is of the server's clock: its own Date says how far off that is, whatever ours says.
    private static TimeSpan? RetryAfter(HttpResponseMessage response, TimeProvider time)
    {
        var asked = response.Headers.RetryAfter;
        if (asked?.Delta is { } delta) return delta;
        return asked?.Date - (response.Headers.Date ?? time.GetUtcNow()) is { } wait && wait > TimeSpan.Zero ? wait : null;
    }
}
