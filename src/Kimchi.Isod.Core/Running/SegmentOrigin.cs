using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Running;

/// <summary>The server that a download reads from, asked for parts of the file.</summary>
/// <param name="download">The download.</param>
/// <param name="services">Where files come from.</param>
/// <param name="found">What the server said of the file, and where it was found.</param>
internal sealed class SegmentOrigin(Download download, DownloadServices services, RemoteFileInfo found) : ISegmentSource
{
    // After redirects: asked again, they may lead to another mirror. Where the address has expired, they are.
    private volatile RemoteUrl _url = found.FinalUrl;

    public string Host => found.FinalUrl.Uri.Authority;

    public async Task<IRemoteFile> OpenAsync(ImageRange range, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(_url, range, cancellationToken);
        }
        catch (DownloadException e) when (!e.IsTransient && _url != download.Record.Url)
        {
            _url = download.Record.Url;
            return await OpenAsync(_url, range, cancellationToken);
        }
    }

    private async Task<IRemoteFile> OpenAsync(RemoteUrl url, ImageRange range, CancellationToken cancellationToken)
    {
        var record = download.Record;
        var credentials = url.Uri.Authority == record.Url.Uri.Authority && url.Uri.Scheme == record.Url.Uri.Scheme ? record.Credentials : null;
        var isJudged = Continuation.IsJudged(record);
        var (start, end) = (SourceMapping.SourceOffset(range.Start), SourceMapping.SourceOffset(range.End));
        var request = new RemoteRequest(url, credentials, start, record.Version, isJudged) { SourceEnd = end, IsSegment = true };
        var file = await services.Source.OpenAsync(request, cancellationToken);
        var match = record.Version.CompareWith(file.Info.Version);
        if (request.Allows(match))
        {
            if (match is VersionMatch.Unknown && record.Doubt is JoinDoubt.None) download.Change(r => r with { Doubt = JoinDoubt.Weak });
            return file;
        }

        await file.DisposeAsync();
        throw DownloadException.UnusableRest($"{url}: nothing proves that the part is of the same file");
    }
}
