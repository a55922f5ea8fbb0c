using System.Net;
using System.Net.Http.Headers;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A server's reply whose body has not been read yet.</summary>
internal sealed class HttpReply : IDisposable
{
    private readonly TimeProvider _time;

    public HttpReply(HttpResponseMessage response, RemoteUrl url, TimeProvider time, string? fileName = null)
    {
        (Response, Url, _time) = (response, url, time);
        Range = ContentRange.Parse(Header("Content-Range"));
        // Chunks say where a body ends, whatever length stands beside them: RFC 9112, section 6.3, rule 3.
        Lengths = IsChunked ? new(null, IsUsable: true) : ContentLengths.Parse(Values("Content-Length"));
        Version = ReplyVersion.Read(response, IsPartial ? Range?.Total : Lengths.Bytes) with { FileName = fileName };
    }

    public HttpStatusCode Status => Response.StatusCode;

    /// <summary>Whether a server may say so that it wants a client's certificate: nginx has 400 for it, and 495 and 496.</summary>
    public static bool MayBeForCertificate(HttpStatusCode status) => (int)status is 400 or 401 or 403 or 495 or 496;

    public bool IsPartial => Status is HttpStatusCode.PartialContent;

    public RemoteUrl Url { get; }

    public HttpResponseMessage Response { get; }

    /// <summary>Whether a redirect has led to another host than the one that was asked, such as a mirror.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Whether the server has asked for a client's certificate and got none.</summary>
    public bool WantsCertificate { get; init; }

    /// <summary>What the URL's own server says of the file.</summary>
    public OriginWord Word { get; init; } = OriginWord.None;

    /// <summary>Which part of the file the body is (206), or that there is no such part (416).</summary>
    public ContentRange? Range { get; }

    /// <summary>Whether there is a word of ranges, usable or not.</summary>
    public bool HasRange => Header("Content-Range") is not null;

    /// <summary>How long the body is.</summary>
    public ContentLengths Lengths { get; }

    /// <summary>The media type, without its parameters; null when there is none. Read with patience: a malformed parameter
    /// must not let a web page pass.</summary>
    public string? MediaType => Header("Content-Type")?.Split(';')[0].Trim().ToLowerInvariant() is { Length: > 0 } type ? type : null;

    /// <summary>The whole file's version.</summary>
    public Validator Version { get; }

    /// <summary>Where in the file the body must end; null where the server does not tell.</summary>
    public long? End => IsPartial ? Range?.To + 1 : Lengths.Bytes;

    /// <summary>Whether the runtime finds the body's end by itself, and says so when it comes too early.</summary>
    public bool IsFramed => IsChunked || Response.Content.Headers.ContentLength is not null;

    /// <summary>What the end of the body will say of the file's; over TLS more is known at the end.</summary>
    public EndEvidence Evidence =>
        IsPartial ? (Range is { Total: { } total } && End == total ? EndEvidence.Told : EndEvidence.Part)
        : IsChunked || End is not null ? EndEvidence.Told
        : EndEvidence.None;

    /// <summary>Whether a part was asked for.</summary>
    public bool IsToRange => Response.RequestMessage?.Headers.Contains("Range") == true;

    private bool IsChunked => Response.Headers.TransferEncodingChunked == true;

    /// <summary>What the server says of the file.</summary>
    /// <param name="start">The address before redirects.</param>
    public RemoteFileInfo Describe(RemoteUrl start) => new(
        Version,
        IsPartial ? true : SaysRanges,
        FileNameRanking.BestFirst(Names(start)),
        Url,
        MediaType)
    {
        Mirrors = Word.Mirrors,
        Digest = Word.Digest,
        MetalinkUrl = Word.Metalink,
    };

    /// <summary>Lets a reply pass whose body is the file from <paramref name="offset"/> on.</summary>
    /// <exception cref="Core.Errors.DownloadException">It is not.</exception>
    public void RequireFile(long offset) => ReplyRules.Require(this, offset, _time);

    /// <summary>The server's refusal.</summary>
    public Core.Errors.DownloadException Refusal() => ReplyFailures.Refused(this, _time);

    public Task<Stream> OpenBodyAsync(CancellationToken cancellationToken) => Response.Content.ReadAsStreamAsync(cancellationToken);

    public void Dispose() => Response.Dispose();

    // RFC 9110, section 14.3: bytes, none, or nothing said.
    private bool? SaysRanges => Response.Headers.AcceptRanges.Count == 0 ? null
        : Response.Headers.AcceptRanges.Contains("bytes", StringComparer.OrdinalIgnoreCase);

    private IEnumerable<string> Names(RemoteUrl start) =>
        [.. ContentDisposition.FileNames(Header("Content-Disposition")), .. start.FileNames, .. Url.FileNames];

    private string? Header(string name) => Values(name).FirstOrDefault();

    private HeaderStringValues Values(string name) => Response.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values : default;
}
