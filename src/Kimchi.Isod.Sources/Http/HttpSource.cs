using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Reads files over HTTP and HTTPS. The first request asks for a range, so that its body can be the download.</summary>
/// <remarks>No HEAD: presigned URLs and many servers refuse it. RFC 9110, sections 13 and 14.</remarks>
internal sealed class HttpSource : IRemoteSource, IDisposable
{
    private readonly HttpMessageInvoker _client;
    private readonly HttpExchange _exchange;
    private readonly NetworkOptions _options;
    private readonly TimeProvider _time;

    public HttpSource(NetworkOptions options, TimeProvider time, Netrc? netrc = null)
    {
        _options = options;
        _time = time;
        var requests = new ClientCertificateRequests();
        _client = new HttpMessageInvoker(HttpConnections.CreateHandler(options, time, requests));
        _exchange = new HttpExchange(_client, options, time, netrc, requests);
    }

    public async Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.Offset == 0) return await OpenFromStartAsync(request, cancellationToken);
        try
        {
            return await ContinueAsync(request, cancellationToken);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.NotAnImage)
        {
            // A login or maintenance page where a file has been: it may pass, and what is stored is not to be deleted for it.
            throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, e.Message, e);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<IRemoteFile> OpenFromStartAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var reply = await _exchange.GetAsync(request, new RangeWish(0), cancellationToken);
        if (RefusesRanges(reply))
        {
            reply.Dispose();
            reply = await _exchange.GetAsync(request, null, cancellationToken);
        }

        return Accept(request, reply, 0);
    }

    private async Task<IRemoteFile> ContinueAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var expected = request.Expected ?? throw new ArgumentException("an offset needs the version it belongs to", nameof(request));
        var reply = await AskForRestAsync(request, expected, cancellationToken);
        for (var left = Mirrors.MostAsked; left > 0 && Mirrors.IsAnother(reply, expected); left--)
        {
            // Its body is not read, so its connection is closed, and the next one may lead to the mirror whose tag is the expected one.
            reply.Dispose();
            reply = await AskForRestAsync(request, expected, cancellationToken);
        }

        if (!IsGone(reply, request.Offset, expected)) return Accept(request, reply, reply.IsPartial ? request.Offset : 0);
        reply.Dispose();
        return await OpenFromStartAsync(request, cancellationToken);
    }

    private async Task<HttpReply> AskForRestAsync(RemoteRequest request, Validator expected, CancellationToken cancellationToken)
    {
        var wish = RangeWish.RestOf(expected, request.Offset);
        var reply = await _exchange.GetAsync(request, wish, cancellationToken);
        if (reply.Status is not HttpStatusCode.OK || wish.IfETag is null || !expected.IsSameVersion(reply.Version)) return reply;
        // Some content delivery networks answer 200 to a right If-Range; the headers tell that nothing has changed.
        reply.Dispose();
        return await _exchange.GetAsync(request, wish with { IfETag = null }, cancellationToken);
    }

    // Some servers refuse even a range of everything. An empty file has no byte 0 to begin at, and says so in its range.
    private static bool RefusesRanges(HttpReply reply) =>
        reply.Status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.NotImplemented or HttpStatusCode.BadRequest
        && !ReplyRules.IsEmpty(reply);

    private static bool IsGone(HttpReply reply, long offset, Validator expected)
    {
        if (reply.Status is HttpStatusCode.RequestedRangeNotSatisfiable or HttpStatusCode.PreconditionFailed) return true;
        if (!reply.IsPartial) return false;
        using var guard = new Unless(reply);
        ReplyRules.RequireRange(reply, offset);
        var found = reply.Version;
        var isSame = expected.IsSameVersion(found);
        if (!isSame && (expected with { Size = null }).IsSameVersion(found with { Size = null }))
            throw ReplyRules.Broken(reply, $"says that the file has {found.Size} bytes, where it said {expected.Size} of the same version");
        return guard.Pass(!isSame);
    }

    private HttpRemoteFile Accept(RemoteRequest request, HttpReply reply, long offset)
    {
        using var guard = new Unless(reply);
        reply.RequireFile(offset);
        return guard.Pass(new HttpRemoteFile(reply, reply.Describe(request.Url), offset, _options, _time));
    }

    // Disposes a reply unless it has passed.
    private sealed class Unless(HttpReply reply) : IDisposable
    {
        private HttpReply? _reply = reply;

        public T Pass<T>(T result)
        {
            _reply = null;
            return result;
        }

        public void Dispose() => _reply?.Dispose();
    }
}
