using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Fixtures;
using Kimchi.Isod.Fixtures.Ftp;

namespace Kimchi.Isod.Sources.Tests.Ftp;

/// <summary>One scripted FTP server and one source that reads from it.</summary>
internal sealed class FtpWire : IAsyncDisposable
{
    private readonly RemoteSource _source;

    public FtpWire(FtpScript? script = null, NetworkOptions? options = null, TimeProvider? time = null)
    {
        Server = new ScriptedFtpServer(script ?? new FtpScript(Http.Content));
        _source = new RemoteSource(options ?? Direct, time ?? TimeProvider.System);
    }

    public static NetworkOptions Direct { get; } = new() { NoProxy = ["*"] };

    public ScriptedFtpServer Server { get; }

    /// <summary>A script that serves the usual file and answers one command otherwise.</summary>
    public static FtpScript Answering(string command, string? reply) =>
        new(Http.Content) { Replies = new Dictionary<string, string?>(StringComparer.Ordinal) { [command] = reply } };

    public RemoteUrl Url(string path = "dir/a.iso") => RemoteUrl.Parse($"ftp://127.0.0.1:{Server.Port}/{path}");

    public RemoteRequest Request(string path = "dir/a.iso") => new(Url(path), null);

    public RemoteRequest From(long offset, Validator expected) => new(Url(), null, offset, expected);

    public Task<IRemoteFile> OpenAsync(RemoteRequest? request = null, CancellationToken cancellationToken = default) =>
        _source.OpenAsync(request ?? Request(), cancellationToken);

    public async Task<byte[]> DownloadAsync(RemoteRequest? request = null)
    {
        await using var file = await OpenAsync(request);
        return await Http.ReadAllAsync(file);
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
            Assert.That(e.Kind, Is.EqualTo(DownloadErrorKind.RemoteUnreadable), e.Message);
            return e;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _source.Dispose();
        await Server.DisposeAsync();
    }
}
