using System.Net;
using CsCheck;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Fuzz;
using Kimchi.Isod.Sources.Http;

namespace Kimchi.Isod.Sources.Tests.Fuzz;

/// <summary>The headers of a reply, as they come through SocketsHttpHandler: raw, and perhaps several of one name.</summary>
public sealed class HttpReplyFuzzTests
{
    private static readonly RemoteUrl Url = RemoteUrl.Parse("https://host/dir/a.iso?token=T0ken");

    // RFC 9110, section 5.5: no control character but a tab gets through, and no lone surrogate.
    private static readonly Gen<string> Junk = Texts.Any.Select(HeaderText);

    private static readonly Gen<(string Name, string Value)> Headers = Gen.OneOf(
        Header("ETag", "\"a\"", "W/\"a\"", "a", "\"", "\"a\", \"b\"", "*", ""),
        Header("Last-Modified", "Wed, 21 Oct 2015 07:28:00 GMT", "Wednesday, 21-Oct-15 07:28:00 GMT", "0", "-1", "Mon, 01 Jan 0001 00:00:00 GMT", "31 Dec 9999 23:59:59 GMT"),
        Header("Content-Length", "0", "5", "9223372036854775807", "9223372036854775808", "-1", "5, 5", "x"),
        Header("Content-Range", "bytes 0-4/5", "bytes 5-9/10", "bytes */5", "bytes */0", "bytes 0-9223372036854775806/9223372036854775807", "x", "bytes 0-4/*"),
        Header("Content-Type", "text/html", "TEXT/HTML;x", "application/xhtml+xml; q", "multipart/byteranges; boundary=x", ";", "application/octet-stream"),
        Header("Content-Disposition", "attachment; filename=a.iso", "attachment; filename*=UTF-8''%2e", "\""),
        Header("Content-Encoding", "gzip", "identity", "Identity, gzip", ",", "x y"),
        Header("Transfer-Encoding", "chunked", "gzip, chunked", ";", "x y"),
        Header("Accept-Ranges", "bytes", "none", "BYTES, x", ","),
        Header("Retry-After", "5", "99999999999999999999", "2147483647", "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "soon"),
        Header("Location", "/b", "http://h/", ":", "http://[", "//", "a b"));

    private static readonly Gen<HttpResponseMessage> Replies = Gen.Select(
        Gen.OneOf(200, 200, 206, 206, 204, 301, 302, 308, 400, 401, 403, 404, 407, 416, 429, 500, 503, 100, 999), Gen.OneOf(Gen.Const(""), Junk), Headers.Array[0, 8], Create);

    [Test]
    public void Any_reply_is_a_file_or_refused() => Replies.Holds(
        response =>
        {
            using var reply = new HttpReply(response, Url, TimeProvider.System);
            var info = reply.Describe(Url);
            return info.NameCandidates.All(name => name.Length > 0) && !(info.SourceSize < 0) && !(reply.End < 0) && IsFileOrRefused(reply);
        },
        count: 30_000);

    [Test]
    public void Several_parts_are_no_file() => Gen.Select(
            Gen.Const("multipart/byteranges"), Gen.OneOf("", ";", "; boundary=x", " ; a=\"", ";;="), Gen.Bool, Headers.Array[0, 6])
        .Holds(
            c =>
            {
                var type = c.Item3 ? c.Item1.ToUpperInvariant() : c.Item1;
                var others = c.Item4.Where(h => h.Name != "Content-Type");
                using var reply = new HttpReply(Create(206, "", [("Content-Type", type + c.Item2), .. others]), Url, TimeProvider.System);
                return Refusal(reply) is not null;
            },
            count: 10_000);

    [Test]
    public void Redirect_leads_to_an_address_or_is_refused() => Gen.OneOf(
            Junk,
            Texts.Of("http://", "https://", "ftp://", "//", "/", "\\", "..", "?", "#", "@", "u:p@", "host", ":80", ":x", "[::1]", "[", "%", "%2f", " ", "é", "data:,", "file:///", "file://\u200e", "\u200e", "FILE:").Select(HeaderText))
        .Holds(
            location =>
            {
                var redirects = new Redirects(new RemoteRequest(Url, new Credentials("us3r", "Pa55w0rd")), new NetworkOptions());
                try
                {
                    redirects.Follow(Create(302, "", [("Location", location)]));
                    return redirects.Target.Uri.Scheme == "https" && (redirects.Target.Server == Url.Server || redirects.Credentials?.Password != "Pa55w0rd");
                }
                catch (DownloadException e)
                {
                    return e.Kind is DownloadErrorKind.RemoteUnreadable && !e.Message.Contains("T0ken", StringComparison.Ordinal);
                }
            },
            count: 30_000);

    // A refusal is one line that a terminal can show, and never has the URL's secret.
    private static bool IsFileOrRefused(HttpReply reply)
    {
        if (Refusal(reply) is not { } refusal) return reply.Status is HttpStatusCode.OK or HttpStatusCode.PartialContent;
        return !refusal.Message.Contains("T0ken", StringComparison.Ordinal) && !refusal.Message.Any(char.IsControl) && refusal.Message.Length < 1000
            && refusal.RetryAfter is not { Ticks: < 0 };
    }

    private static DownloadException? Refusal(HttpReply reply)
    {
        try
        {
            reply.RequireFile(0);
            return null;
        }
        catch (DownloadException e)
        {
            return e;
        }
    }

    private static Gen<(string Name, string Value)> Header(string name, params string[] values) =>
        Gen.Frequency((4, Gen.OneOf<string>(values)), (2, Texts.Near(Gen.OneOf<string>(values)).Select(HeaderText)), (1, Junk)).Select(value => (name, value));

    private static HttpResponseMessage Create(int status, string phrase, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StreamContent(new Endless()), ReasonPhrase = phrase.Replace("\t", "", StringComparison.Ordinal) };
        foreach (var (name, value) in headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }

    private static string HeaderText(string text) => new([.. string.Concat(text.EnumerateRunes()).Where(c => c >= ' ' || c == '\t')]);

    // A body of the network's: HttpContent cannot find its length out by itself.
    private sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
