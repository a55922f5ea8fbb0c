using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A server's reply whose body has not been read yet.</summary>
internal sealed class HttpReply(HttpResponseMessage response, RemoteUrl url) : IDisposable
{
    private static readonly string[] WebPages = ["text/html", "application/xhtml+xml"];

    public HttpStatusCode Status => response.StatusCode;

    public RemoteUrl Url => url;

    public HttpContent Content => response.Content;

    /// <summary>The whole file's version: a strong entity tag only, since a weak one does not vouch for bytes (RFC 9110, 8.8.1).</summary>
    public Validator Version => new(
        response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null,
        Content.Headers.LastModified,
        Status is HttpStatusCode.PartialContent ? Content.Headers.ContentRange?.Length : Content.Headers.ContentLength);

    /// <summary>Lets a reply pass whose body is the file from <paramref name="offset"/> on.</summary>
    /// <exception cref="DownloadException">It is not.</exception>
    public void RequireFile(long offset)
    {
        if (Status is not (HttpStatusCode.OK or HttpStatusCode.PartialContent)) throw HttpFailures.Refused(response, url);
        if (Status is HttpStatusCode.PartialContent) RequireRange(offset);
        if (Content.Headers.ContentEncoding.FirstOrDefault(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase)) is { } encoding)
            throw NotAFile($"the server sent it encoded ({encoding}) though it was asked not to; use another mirror");
        if (Content.Headers.ContentType?.MediaType is { } type && WebPages.Contains(type, StringComparer.OrdinalIgnoreCase))
            throw NotAFile($"the server sent a web page ({type}): perhaps a login or an error page; open the URL in a browser and look");
        if (Version.Size == 0)
            throw NotAFile("the file is empty");
    }

    /// <summary>What the server says of the file.</summary>
    public RemoteFileInfo Describe(RemoteUrl start) => new(
        Version,
        Status is HttpStatusCode.PartialContent || response.Headers.AcceptRanges.Contains("bytes"),
        [.. FileNames.FromContentDisposition(Content.Headers), start.FileName, url.FileName],
        url,
        Content.Headers.ContentType?.MediaType);

    public void Dispose() => response.Dispose();

    private void RequireRange(long offset)
    {
        var range = Content.Headers.ContentRange;
        if (range is not { Unit: "bytes", HasRange: true })
            throw Broken($"sent a partial reply without one range ({Content.Headers.ContentType?.MediaType ?? "no type"})");
        if (range.From != offset)
            throw Broken($"sent bytes from {range.From} on where those from {offset} on were asked for");
        if (range.Length is { } length && range.To + 1 != length)
            throw Broken($"sent bytes to {range.To} only, of {length}");
    }

    private DownloadException Broken(string what) =>
        DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, $"{url}: the server {what}");

    private DownloadException NotAFile(string why) => new(DownloadErrorKind.NotAnImage, $"{url}: {why}");
}
