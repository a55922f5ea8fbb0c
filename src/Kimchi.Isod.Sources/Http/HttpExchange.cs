using System.Net.Http.Headers;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>One GET, through all its redirects.</summary>
internal sealed class HttpExchange(
    HttpClients clients, NetworkOptions options, TimeProvider time, Netrc? netrc, ClientCertificateRequests requests)
{
    /// <summary>Sends the request and reads the reply's headers.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="range">Which part of it; null for the whole with no word of ranges.</param>
    /// <param name="cancellationToken">Stops at once, whatever the phase.</param>
    /// <exception cref="DownloadException">No reply came, or a redirect is not to be followed.</exception>
    public async Task<HttpReply> GetAsync(RemoteRequest request, RequestedRange? range, CancellationToken cancellationToken)
    {
        var redirects = new Redirects(request, options, netrc, time);
        while (true)
        {
            var response = await SendAsync(redirects, range, cancellationToken);
            redirects.Hear(response);
            if (!Redirects.IsRedirect(response))
            {
                return new HttpReply(response, redirects.Target, time, redirects.FileName)
                {
                    IsElsewhere = redirects.IsElsewhere,
                    Word = redirects.Word,
                    WantsCertificate = requests.IsFrom(redirects.Target),
                };
            }

            using (response) redirects.Follow(response);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Redirects hop, RequestedRange? range, CancellationToken cancellationToken)
    {
        var target = hop.Target;
        using var message = CreateMessage(hop, range);
        using var patience = new CancellationTokenSource(options.ConnectTimeout + options.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            DeniedNetworks.CheckLiteral(target.Uri, options.DenyNetworks);
            var response = await clients.For(target).SendAsync(message, either.Token);
            if (!HttpReply.MayBeForCertificate(response.StatusCode)) requests.Answered(target);
            if (hop.Headers is { } own && response.ReasonPhrase is { } phrase) response.ReasonPhrase = own.Mask(phrase);
            return response;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw hop.Judge(e.InnerException is TimeoutException && !patience.IsCancellationRequested
                ? ConnectionFailures.NoConnection(target, options, e)
                : ConnectionFailures.NoReply(target, options, e));
        }
        catch (Exception e) when (e is HttpRequestException or DownloadException or IOException)
        {
            throw hop.Judge(requests.Explain(ConnectionFailures.Translate(e, target, options), target));
        }
    }

    private HttpRequestMessage CreateMessage(Redirects hop, RequestedRange? range)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, hop.Target.Uri);
        var headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        var own = hop.Headers;
        if (own?.Has("Accept") is not true) headers.TryAddWithoutValidation("Accept", "*/*");
        if (own?.Has("Authorization") is not true && hop.Credentials is { } credentials) headers.Authorization = Basic(credentials);
        foreach (var (name, value) in own?.All.Where(h => !h.Name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)) ?? [])
        {
            if (!headers.TryAddWithoutValidation(name, value)) throw new InvalidOperationException($"the header '{name}' is not one of a request");
        }

        if (hop.Cookies.Length > 0) headers.TryAddWithoutValidation("Cookie", hop.Cookies);
        if (range is null) return message;
        // A reply that is not the wanted mirror's must not leave its connection to the next request, however soon it is complete.
        headers.ConnectionClose = !range.KeepsConnection;
        headers.TryAddWithoutValidation("Range", range.Header);
        if (range.IfETag is { } tag) headers.TryAddWithoutValidation("If-Range", tag);
        return message;
    }

    // RFC 7617, in UTF-8 (section 2.1), without waiting to be asked: presigned and plain servers alike take it.
    private static AuthenticationHeaderValue Basic(Credentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}")));
}
