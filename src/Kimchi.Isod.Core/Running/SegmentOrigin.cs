using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Running;

/// <summary>A source of a download, asked for parts of the file.</summary>
/// <param name="download">The download.</param>
/// <param name="source">The source.</param>
/// <param name="services">Where files come from.</param>
/// <param name="found">What the source said of the file, and where it was found; null where it has not been asked yet.</param>
internal sealed class SegmentOrigin(Download download, DownloadSource source, DownloadServices services, RemoteFileInfo? found) : ISegmentSource
{
    // As many as show an ISO 9660 image, which often begins with 32 KiB of zeros.
    private const int PeekedBytes = 36 << 10;

    // After redirects: asked again, they may lead to another mirror. Where the address has expired, they are.
    private volatile RemoteUrl _url = found?.FinalUrl ?? source.Url;
    private volatile Validator? _version = found?.Version;
    private volatile bool _isUnusable;

    public string Host { get; } = (found?.FinalUrl ?? source.Url).Uri.Authority;

    public bool IsUsable => !_isUnusable && source.IsUsable;

    public int MostConnections { get; } = (found?.FinalUrl ?? source.Url).IsHttp ? source.MostConnections : 1;

    public int Connections => source.Connections;

    public void Connect() => source.Connect();

    public void Count(int bytes) => source.Count(bytes);

    public void Brought(ImageRange range) => download.Image.Origins.Note(source, range);

    public void Disconnect(DownloadException? failure, bool hasBrought)
    {
        source.Disconnect();
        if (failure is null) return;
        if (failure.IsWrongBytes)
        {
            services.Logger.SourceFailed(download.Record.Volume, source.Url.ToString(), failure.Message);
            download.Reject(source, failure.Message);
            return;
        }

        source.Leave(failure.Message);
        var isFirst = found is not null;
        var isDead = !hasBrought && source.Connections == 0;
        if (failure.IsUnusableRest || !failure.IsTransient || (isDead && !isFirst)) _isUnusable = true;
        // A server that sends no parts still sends the whole.
        if (!_isUnusable || (isFirst && !hasBrought)) return;
        services.Logger.SourceFailed(download.Record.Volume, source.Url.ToString(), failure.Message);
        source.Fail(failure.Message);
    }

    public async Task<IRemoteFile> OpenAsync(ImageRange range, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(_url, range, cancellationToken);
        }
        catch (DownloadException e) when (!e.IsTransient && _url != source.Url)
        {
            _url = source.Url;
            return await OpenAsync(_url, range, cancellationToken);
        }
    }

    private async Task<IRemoteFile> OpenAsync(RemoteUrl url, ImageRange range, CancellationToken cancellationToken)
    {
        var record = download.Record;
        var isJudged = Continuation.IsJudged(record);
        // Of a mirror nothing is known but that the file is to have its size.
        var expected = _version ?? new Validator(null, null, record.SourceSize);
        var (start, end) = (SourceMapping.SourceOffset(range.Start), SourceMapping.SourceOffset(range.End));
        var request = new RemoteRequest(url, CredentialsFor(url), start, expected, isJudged)
        {
            SourceEnd = end,
            IsSegment = true,
            Headers = record.Headers,
        };
        var file = await services.Source.OpenAsync(request, cancellationToken);
        if (!url.IsHttp) file = await RequirePartAsync(file, url, cancellationToken);
        var match = expected.CompareWith(file.Info.Version);
        if (request.Allows(match))
        {
            _version ??= file.Info.Version;
            if (match is VersionMatch.Unknown && record.Doubt is JoinDoubt.None) download.Change(r => r with { Doubt = JoinDoubt.Weak });
            return file;
        }

        await file.DisposeAsync();
        throw DownloadException.UnusableRest($"{url}: nothing proves that the part is of the same file");
    }

    // Some FTP servers take REST and send the file from its first byte.
    private async Task<IRemoteFile> RequirePartAsync(IRemoteFile opened, RemoteUrl url, CancellationToken cancellationToken)
    {
        var file = await PeekedFile.OpenAsync(opened, PeekedBytes, cancellationToken);
        if (!download.Image.LoadHead().AsSpan().StartsWith(file.Head) || file.Head.IndexOfAnyExcept((byte)0) < 0) return file;
        await file.DisposeAsync();
        throw DownloadException.UnusableRest($"{url}: the server took REST, and sent the file from its first byte");
    }

    private Credentials? CredentialsFor(RemoteUrl url)
    {
        var isItsOwn = url.Uri.Authority == source.Url.Uri.Authority && url.Uri.Scheme == source.Url.Uri.Scheme;
        return isItsOwn ? download.CredentialsFor(source) : null;
    }
}
