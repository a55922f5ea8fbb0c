using System.Net;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A server's reply whose body has not been read yet.</summary>
internal sealed class HttpReply(HttpResponseMessage response, RemoteUrl url, TimeProvider time) : IDisposable
{
    public HttpStatusCode Status => response.StatusCode;

    public bool IsPartial => Status is HttpStatusCode.PartialContent;

    public RemoteUrl Url => url;

    public HttpResponseMessage Response => response;

    /// <summary>Whether a redirect has led to another host than the one that was asked, such as a mirror.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Which part of the file the body is (206), or that there is no such part (416).</summary>
    public ContentRange? Range { get; } = ContentRange.Parse(Header(response, "Content-Range"));

    /// <summary>The media type, without its parameters; null when there is none. Read with patience: a malformed parameter
    /// must not let a web page pass.</summary>
    public string? MediaType { get; } = Header(response, "Content-Type")?.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : null;

    /// <summary>The whole file's version.</summary>
    public Validator Version => new(Tag, response.Content.Headers.LastModified, IsPartial ? Range?.Total : response.Content.Headers.ContentLength);

    /// <summary>Where the body must end; null where the server does not tell.</summary>
    public long? End => IsPartial ? Range?.Total ?? Range?.To + 1 : response.Content.Headers.ContentLength;

    /// <summary>What the server says of the file.</summary>
    public RemoteFileInfo Describe(RemoteUrl start) => new(
        Version,
        Version.Size is not null && (IsPartial || response.Headers.AcceptRanges.Contains("bytes", StringComparer.OrdinalIgnoreCase)),
        FileNameRanking.BestFirst(Names(start)),
        url,
        MediaType);

    /// <summary>Lets a reply pass whose body is the file from <paramref name="offset"/> on.</summary>
    /// <exception cref="Core.Errors.DownloadException">It is not.</exception>
    public void RequireFile(long offset) => ReplyRules.Require(this, offset, time);

    public Task<Stream> OpenBodyAsync(CancellationToken cancellationToken) => response.Content.ReadAsStreamAsync(cancellationToken);

    public void Dispose() => response.Dispose();

    // A weak tag does not vouch for bytes (RFC 9110, section 8.8.1), but one that has changed tells of other bytes. So does a malformed
    // one. They are kept where no date can tell.
    private string? Tag => response.Headers.ETag is { IsWeak: false } strong ? strong.Tag
        : response.Content.Headers.LastModified is null && response.Headers.NonValidated.TryGetValues("ETag", out var tags) ? tags.First().Trim()
        : null;

    private IEnumerable<string> Names(RemoteUrl start) =>
        [.. ContentDisposition.FileNames(Header(response, "Content-Disposition")), .. start.FileNames, .. url.FileNames];

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;
}
