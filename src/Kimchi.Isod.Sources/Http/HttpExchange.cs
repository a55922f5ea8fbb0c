using System.Net.Http.Headers;
using System.Text;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>One GET, through all its redirects.</summary>
internal sealed class HttpExchange(HttpMessageInvoker client, NetworkOptions options, TimeProvider time)
{
    /// <summary>Sends the request and reads the reply's headers.</summary>
    /// <exception cref="DownloadException">No reply came, or a redirect is not to be followed.</exception>
    public async Task<HttpReply> GetAsync(RemoteRequest request, RangeWish? range, CancellationToken cancellationToken)
    {
        var redirects = new Redirects(request.Url, request.Credentials, options);
        while (true)
        {
            var response = await SendAsync(redirects.Target, redirects.Credentials, range, cancellationToken);
            if (!Redirects.IsRedirect(response)) return new HttpReply(response, redirects.Target);
            using (response) redirects.Follow(response);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        RemoteUrl target, Credentials? credentials, RangeWish? range, CancellationToken cancellationToken)
    {
        AddressGuard.CheckLiteral(target.Uri, options.DenyNetworks);
        using var message = CreateMessage(target, credentials, range);
        using var patience = new CancellationTokenSource(options.ConnectTimeout + options.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await client.SendAsync(message, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailures.NoReply(target, options);
        }
        catch (HttpRequestException e)
        {
            throw HttpFailures.Translate(e, target);
        }
    }

    private static HttpRequestMessage CreateMessage(RemoteUrl target, Credentials? credentials, RangeWish? range)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, target.Uri);
        message.Headers.UserAgent.Add(HttpConnections.UserAgent);
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        if (credentials is not null) message.Headers.Authorization = Basic(credentials);
        if (range is null) return message;
        message.Headers.Range = new RangeHeaderValue(range.From, null);
        if (range.IfETag is { } tag) message.Headers.IfRange = new RangeConditionHeaderValue(tag);
        return message;
    }

    private static AuthenticationHeaderValue Basic(Credentials credentials) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.UserName}:{credentials.Password}")));
}
