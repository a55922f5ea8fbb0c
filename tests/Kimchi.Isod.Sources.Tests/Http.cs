using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures.Wire;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>One scripted server and one source that reads from it.</summary>
internal sealed class Http : IAsyncDisposable
{
    private readonly RemoteSource _source;

    public Http(WireScript script, NetworkOptions? options = null, TimeProvider? time = null, X509Certificate2? certificate = null)
    {
        Server = new WireServer(script, certificate);
        _source = new RemoteSource(options ?? new NetworkOptions { NoProxy = ["*"] }, time ?? TimeProvider.System);
    }

    /// <summary>A file of every byte's value, no two of its windows alike for a while.</summary>
    public static byte[] Content { get; } = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31 / 7))];

    public WireServer Server { get; }

    public RemoteUrl Url(string path = "a.iso") => RemoteUrl.Parse(new Uri(Server.Address, path).AbsoluteUri);

    public RemoteRequest Request(long offset = 0, Validator? expected = null, bool isJudged = false, int refusals = 0) =>
        new(Url(), null, offset, expected, isJudged, refusals);

    public Task<IRemoteFile> OpenAsync(RemoteRequest? request = null, CancellationToken cancellationToken = default) =>
        _source.OpenAsync(request ?? Request(), cancellationToken);

    public Task<bool> CanContinueAsync(RemoteFileInfo info) => _source.CanContinueAsync(Request(), info, CancellationToken.None);

    /// <summary>The whole of what is left of a file.</summary>
    public static async Task<byte[]> ReadAllAsync(IRemoteFile file)
    {
        using var all = new MemoryStream();
        var buffer = new byte[10_000];
        for (int count; (count = await file.ReadAsync(buffer, CancellationToken.None)) > 0;) all.Write(buffer, 0, count);
        return all.ToArray();
    }

    public async Task<byte[]> DownloadAsync(RemoteRequest? request = null)
    {
        await using var file = await OpenAsync(request);
        return await ReadAllAsync(file);
    }

    /// <summary>The failure of an opening, or of reading what was opened.</summary>
    public async Task<DownloadException> FailAsync(RemoteRequest? request = null)
    {
        try
        {
            var read = await DownloadAsync(request);
            throw new AssertionException($"{read.Length} bytes were read, and nothing failed");
        }
        catch (DownloadException e)
        {
            return e;
        }
    }

    /// <summary>Returns when the client has left.</summary>
    public static async Task LeavingAsync(Stream stream, CancellationToken stopped)
    {
        try
        {
            await stream.CopyToAsync(Stream.Null, stopped);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Reset, since bytes were on their way to it.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _source.Dispose();
        await Server.DisposeAsync();
    }
}
