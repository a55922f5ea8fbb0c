using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;

namespace Kimchi.Isod.Sources.Tests;

/// <summary>A test that reads from a scripted server.</summary>
public abstract class SourceTest
{
    private protected static readonly byte[] Content = MakeContent();

    private protected static NetworkOptions Quick { get; } = new() { ConnectTimeout = TimeSpan.FromSeconds(20) };

    private protected static RemoteUrl At(ScriptedHttpServer server, string path = "image.iso") =>
        RemoteUrl.Parse(new Uri(server.Address, path).AbsoluteUri);

    private protected static async Task<IRemoteFile> OpenAsync(
        ScriptedHttpServer server, NetworkOptions? options = null, long offset = 0, Validator? expected = null,
        Credentials? credentials = null, string path = "image.iso", TimeProvider? time = null)
    {
        var source = new RemoteSource(options ?? Quick, time ?? TimeProvider.System);
        return await source.OpenAsync(
            new RemoteRequest(At(server, path), credentials, offset, expected), CancellationToken.None);
    }

    /// <summary>Opens a file that cannot be opened.</summary>
    private protected static DownloadException Refused(Func<Task> open)
    {
        DownloadException? failure = null;
        Assert.That(async () => await open(), Throws.TypeOf<DownloadException>().With.Matches<DownloadException>(e => (failure = e) is not null));
        return failure!;
    }

    private protected static async Task<byte[]> ReadAllAsync(IRemoteFile file)
    {
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        for (var count = await file.ReadAsync(buffer, CancellationToken.None); count > 0; count = await file.ReadAsync(buffer, CancellationToken.None))
            content.Write(buffer, 0, count);
        await file.DisposeAsync();
        return content.ToArray();
    }

    private static byte[] MakeContent()
    {
        var content = new byte[100_000];
        new Random(1).NextBytes(content);
        return content;
    }
}
