using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Kimchi.Isod.Fixtures;

/// <summary>A client of the API on the daemon's socket. It knows HTTP and JSON, and nothing of the daemon's own types.</summary>
public sealed class IsodClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>A client of the daemon on that socket.</summary>
    public IsodClient(string socket) => _http = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        },
    })
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = Patience.Limit,
    };

    /// <summary>The base path of the pool <c>ISO</c>'s downloads.</summary>
    public const string Downloads = "/storagepools/ISO/storagevolumes/download";

    /// <summary>Whether the daemon answers at all.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            using var response = await _http.GetAsync("/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Sends anything.</summary>
    public async Task<ApiReply> SendAsync(
        HttpMethod method, string path, string? body = null, string? contentType = "application/json", Version? version = null,
        string? accept = null)
    {
        using var message = new HttpRequestMessage(method, path) { Version = version ?? HttpVersion.Version11 };
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        if (accept is not null) message.Headers.Add("Accept", accept);
        if (body is not null)
        {
            message.Content = new StringContent(body, Encoding.UTF8);
            // What is too long is refused before it is sent; else the refusal may be lost with the connection.
            if (body.Length > 65_536) message.Headers.ExpectContinue = true;
            message.Content.Headers.Remove("Content-Type");
            if (contentType is not null) message.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await _http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        return new ApiReply(
            response.StatusCode, text, response.Content.Headers.ContentType?.ToString(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value)));
    }

    /// <summary>Sends one of the calls of the RFC: "" to start, or such as "/pause".</summary>
    public Task<ApiReply> CallAsync(string call, object body) =>
        SendAsync(HttpMethod.Post, Downloads + call, JsonSerializer.Serialize(body));

    /// <summary>Starts a download.</summary>
    public Task<ApiReply> StartAsync(string url, string? name = null) =>
        name is null ? CallAsync("", new { url }) : CallAsync("", new { url, name });

    /// <summary>Pauses a download.</summary>
    public Task<ApiReply> PauseAsync(string name) => CallAsync("/pause", new { name });

    /// <summary>Resumes a download.</summary>
    public Task<ApiReply> ResumeAsync(string name) => CallAsync("/resume", new { name });

    /// <summary>Cancels a download.</summary>
    public Task<ApiReply> CancelAsync(string name) => CallAsync("/cancel", new { name });

    /// <summary>Lets a failed download go on.</summary>
    public Task<ApiReply> RetryAsync(string name) => CallAsync("/retry", new { name });

    /// <summary>Changes a download's limit.</summary>
    public Task<ApiReply> LimitAsync(string name, long bytesPerSecond) => CallAsync("/limit", new { name, limit_rate = bytesPerSecond });

    /// <summary>Asks for anything.</summary>
    public Task<ApiReply> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    /// <summary>Opens the stream of events.</summary>
    /// <exception cref="HttpRequestException">It is refused.</exception>
    public async Task<EventReader> OpenEventsAsync()
    {
        var response = await _http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new EventReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Asks for a download's status.</summary>
    public Task<ApiReply> StatusAsync(string name) => CallAsync("/status", new { name });

    /// <summary>Asks for the status again and again until it is what the test waits for.</summary>
    public async Task<ApiReply> WaitForAsync(string name, Func<ApiReply, bool> isSo)
    {
        ApiReply? last = null;
        await Patience.UntilAsync(async () => isSo(last = await StatusAsync(name)), () => $"'{name}': the last status was {last}");
        return last!;
    }

    /// <summary>Waits until a download has completed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public Task WaitUntilCompletedAsync(string name) => WaitForAsync(name, status =>
        status.Id == "KCHDL0007E" ? throw new InvalidOperationException(status.Body) : status.Body.Contains("completed"));

    /// <summary>Waits until so many bytes are safely stored.</summary>
    public Task<ApiReply> WaitForBytesAsync(string name, long bytes) => WaitForAsync(name, status =>
        status.Status is HttpStatusCode.OK ? status.Number("downloaded_size") >= bytes : throw new InvalidOperationException(status.Body));

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _http.Dispose();
}
