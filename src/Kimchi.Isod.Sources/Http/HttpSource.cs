using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Reads files over HTTP and HTTPS. The first request asks for a range, so that its body can be the download.</summary>
/// <remarks>No HEAD: presigned URLs and many servers refuse it. RFC 9110, sections 13 and 14.</remarks>
internal sealed class HttpSource : IRemoteSource, IDisposable
{
    private readonly HttpMessageInvoker _client;
    private readonly HttpExchange _exchange;
    private readonly NetworkOptions _options;
    private readonly TimeProvider _time;

    public HttpSource(NetworkOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _client = new HttpMessageInvoker(HttpConnections.CreateHandler(options));
        _exchange = new HttpExchange(_client, options, time);
    }

    public Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken) =>
        request.Offset == 0 ? OpenFromStartAsync(request, cancellationToken) : ContinueAsync(request, cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task<IRemoteFile> OpenFromStartAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var reply = await _exchange.GetAsync(request, new RangeWish(0, null), cancellationToken);
        // Some servers refuse even a range of everything; an empty file has no byte 0 to begin at.
        if (reply.Status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotImplemented)
        {
            reply.Dispose();
            reply = await _exchange.GetAsync(request, null, cancellationToken);
        }

        return Accept(request, reply, 0);
    }

    private async Task<IRemoteFile> ContinueAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var expected = request.Expected ?? throw new ArgumentException("an offset needs the version it belongs to", nameof(request));
        var reply = await _exchange.GetAsync(request, new RangeWish(request.Offset, expected.ETag), cancellationToken);
        if (reply.Status is HttpStatusCode.OK && expected.ETag is not null && expected.IsSameVersion(reply.Version))
        {
            // Some content delivery networks answer 200 to a right If-Range; the headers tell that nothing has changed.
            reply.Dispose();
            reply = await _exchange.GetAsync(request, new RangeWish(request.Offset, null), cancellationToken);
        }

        var isGone = reply.Status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PreconditionFailed;
        var isOther = reply.Status is HttpStatusCode.PartialContent && !expected.IsSameVersion(reply.Version);
        if (!isGone && !isOther) return Accept(request, reply, reply.Status is HttpStatusCode.PartialContent ? request.Offset : 0);
        reply.Dispose();
        return await OpenFromStartAsync(request, cancellationToken);
    }

    private HttpRemoteFile Accept(RemoteRequest request, HttpReply reply, long offset)
    {
        try
        {
            reply.RequireFile(offset);
            return new HttpRemoteFile(reply, reply.Describe(request.Url), offset, _options, _time);
        }
        catch (DownloadException)
        {
            reply.Dispose();
            throw;
        }
    }
}
