using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>Tells a web page in place of a file (a login, an error) by its first bytes, before anything is stored, and where nothing else
/// would: in replies that are labelled as one, and in those that would replace what is stored. Others are judged by their head, as all
/// images are (<see cref="ImageInspector"/>).</summary>
internal static class WebPageGuard
{
    private static readonly string[] Labels = ["text/html", "application/xhtml+xml"];

    /// <summary>Opens a file that is no web page.</summary>
    /// <exception cref="DownloadException">It is one: <see cref="DownloadErrorKind.NotAnImage"/>, or in the middle, where a file has been and
    /// may be again, a failure that may pass.</exception>
    public static async Task<IRemoteFile> OpenAsync(IRemoteSource source, RemoteRequest request, CancellationToken cancellationToken)
    {
        var file = await source.OpenAsync(request, cancellationToken);
        var isLabelled = Labels.Contains(file.Info.ContentType, StringComparer.Ordinal);
        // What stands in the middle of a file tells nothing.
        if (file.SourceOffset > 0 || (!isLabelled && request.SourceOffset == 0)) return file;
        var head = await PeekedFile.OpenAsync(file, WebPage.MostBytes, cancellationToken);
        if (!WebPage.Begins(head.Head) && (!isLabelled || request.IsForText || WebPage.IsBinary(head.Head))) return head;
        await head.DisposeAsync();
        throw Refuse(file.Info, request);
    }

    private static DownloadException Refuse(RemoteFileInfo info, RemoteRequest request)
    {
        var message = $"{info.FinalUrl}: the server sent a web page ({info.ContentType ?? "not labelled as one"}): perhaps a login or an error page; " +
            "open the URL in a browser and look";
        return request.SourceOffset > 0
            ? DownloadException.Transient(DownloadErrorKind.RemoteUnreadable, message)
            : new DownloadException(DownloadErrorKind.NotAnImage, message);
    }
}
