using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Reads files over HTTP and HTTPS. The first request asks for the whole file, and its body is the download.</summary>
/// <remarks>
/// No HEAD: presigned URLs and many servers refuse it. No range at the start: some servers refuse or mistake one, and caching proxies
/// do not keep its reply. RFC 9110, sections 13 and 14.
/// </remarks>
internal sealed class HttpSource : IRemoteSource, IDisposable
{
    // A start waits for the answer, which most servers give by themselves (Accept-Ranges).
    private static readonly TimeSpan RangePatience = TimeSpan.FromSeconds(5);

    private readonly HttpClients _clients;
    private readonly HttpExchange _exchange;
    private readonly NetworkOptions _options;
    private readonly ProxyRules _proxies;
    private readonly TimeProvider _time;

    public HttpSource(NetworkOptions options, TimeProvider time, ClientCertificates certificates, Netrc? netrc)
    {
        _options = options;
        _time = time;
        _proxies = ProxyRules.Create(options, Environment.GetEnvironmentVariable);
        var requests = new ClientCertificateRequests();
        _clients = new HttpClients(options, time, certificates, requests);
        _exchange = new HttpExchange(_clients, options, time, netrc, requests);
    }

    public async Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.IsSegment) return await OpenSegmentAsync(request, cancellationToken);
        if (request.SourceOffset == 0)
        {
            var whole = await _exchange.GetAsync(request, null, cancellationToken);
            if (request.IsForText) await SparedConnection.ReadAsync(whole.Response, cancellationToken);
            return Accept(request, whole, 0);
        }

        try
        {
            var (reply, offset) = await new HttpContinuation(_exchange, request).AskAsync(cancellationToken);
            return reply.Status is HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0 ? End(request, reply) : Accept(request, reply, offset);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.NotAnImage)
        {
            // A login or maintenance page where a file has been: it may pass, and what is stored is not to be deleted for it.
            throw DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, e.Message, e);
        }
    }

    public async Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken)
    {
        if (info.SourceSize is not > 0) return false;
        var last = info.SourceSize.Value - 1;
        using var patience = new CancellationTokenSource(RangePatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var reply = await _exchange.GetAsync(request, new RequestedRange(last, last), either.Token);
            return reply.IsPartial && ReplyRules.FindFault(reply) is null && reply.Range?.From == last
                && info.Version.CompareWith(reply.Version) is not VersionMatch.Different;
        }
        catch (Exception e) when (e is DownloadException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false; // No word that it can: the download goes on, and cannot be paused.
        }
    }

    public void Dispose() => _clients.Dispose();

    private static EndOfFile End(RemoteRequest request, HttpReply reply)
    {
        using (reply)
            return new EndOfFile(reply.Describe(request.Url) with { Version = request.Expected! with { SourceSize = request.SourceOffset } }, request.SourceOffset);
    }

    private async Task<HttpRemoteFile> OpenSegmentAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var range = RequestedRange.Of(request.Expected!, request.SourceOffset, request.SourceEnd) with { KeepsConnection = true };
        var reply = await _exchange.GetAsync(request, range, cancellationToken);
        using var guard = new Unless(reply);
        SegmentReply.Require(reply, request);
        return Accept(request, guard.Pass(reply), request.SourceOffset);
    }

    private HttpRemoteFile Accept(RemoteRequest request, HttpReply reply, long offset)
    {
        using var guard = new Unless(reply);
        reply.RequireFile(offset);
        var info = reply.Describe(request.Url);
        // A server that answers a request for the rest with the whole does not continue, whatever its headers promise.
        if (offset < request.SourceOffset && !reply.IsPartial && (reply.IsToRange || request.RangeRefusals > 0)) info = info with { IsResumable = false };
        var isTlsSeen = _proxies.Find(reply.Url.Uri)?.Address.Scheme != Uri.UriSchemeHttps;
        return guard.Pass(new HttpRemoteFile(reply, info, offset, isTlsSeen, _options, _time));
    }
}
