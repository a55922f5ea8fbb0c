using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Api;

/// <summary>Calls the daemon over its socket.</summary>
internal sealed class IsodClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _socket;

    public IsodClient(string socket)
    {
        _socket = socket;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri("http://localhost"),
            // A start lasts as long as the remote server takes; Ctrl-C ends the waiting.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks for something.</summary>
    /// <exception cref="IsoctlException">The daemon is out of reach, or refused.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(new HttpRequestMessage(HttpMethod.Get, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Asks how the daemon is, which answers with the same body whether it is well or not.</summary>
    /// <exception cref="IsoctlException">The daemon is out of reach.</exception>
    public async Task<HealthReply> GetHealthAsync(CancellationToken cancellationToken)
    {
        using var response = await TrySendAsync(
            new HttpRequestMessage(HttpMethod.Get, Routes.Health), HttpCompletionOption.ResponseContentRead, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.ServiceUnavailable) await ThrowIfRefusedAsync(response, cancellationToken);
        return await ReadAsync(response, ApiJson.Replies.HealthReply, cancellationToken);
    }

    /// <summary>Makes one of the calls with a body.</summary>
    /// <exception cref="IsoctlException">The daemon is out of reach, or refused.</exception>
    public async Task<TReply> PostAsync<TBody, TReply>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TReply> replyType, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(JsonSerializer.Serialize(body, bodyType), Encoding.UTF8, "application/json"),
        };
        using var response = await SendAsync(message, HttpCompletionOption.ResponseContentRead, cancellationToken);
        return await ReadAsync(response, replyType, cancellationToken);
    }

    /// <summary>Deletes something.</summary>
    /// <exception cref="IsoctlException">The daemon is out of reach, or refused.</exception>
    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Delete, path), HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    /// <summary>Opens the stream of events.</summary>
    /// <exception cref="IsoctlException">The daemon is out of reach, or refused.</exception>
    public async Task<Stream> OpenEventsAsync(CancellationToken cancellationToken)
    {
        var response = await SendAsync(
            new HttpRequestMessage(HttpMethod.Get, Routes.Events), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage message, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        var response = await TrySendAsync(message, completion, cancellationToken);
        await ThrowIfRefusedAsync(response, cancellationToken);
        return response;
    }

    private async Task<HttpResponseMessage> TrySendAsync(
        HttpRequestMessage message, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        using (message)
        {
            try
            {
                return await _http.SendAsync(message, completion, cancellationToken);
            }
            catch (HttpRequestException e)
            {
                throw SocketFailures.Describe(e, _socket);
            }
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return (await JsonSerializer.DeserializeAsync(body, type, cancellationToken))!;
        }
        catch (JsonException e)
        {
            throw new IsoctlException(
                ExitCode.Refused, $"what answers on {_socket} does not speak this version's API ({e.Message}); see kimchi-isoctl version");
        }
    }

    private async Task ThrowIfRefusedAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        using (response)
        {
            var error = await ReadAsync(response, ApiJson.Replies.ErrorReply, cancellationToken);
            throw new IsoctlException(ExitCode.Refused, error.Reason);
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
