using CurlSharp.Errors;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>A transfer that has got as far as the server sending the file, or has failed before.</summary>
internal sealed class FtpConnection(
    FtpUrl url, Credentials? credentials, FtpTransfer transfer, RemoteRequest request, NetworkOptions options) : IAsyncDisposable
{
    public FtpTransfer Transfer => transfer;

    public FtpDialogue Dialogue => transfer.Dialogue;

    public FtpFailures Failures { get; } = new(url.Url, credentials, transfer.Dialogue, options);

    public bool IsSending => Dialogue.IsSending;

    /// <summary>The file's version: its size, and its time where the server tells it. The two together count as strong.</summary>
    public Validator Version => new(null, Dialogue.Modified, Size, IsDateStrong: Dialogue.Modified is not null && Size is not null);

    /// <summary>What the server says of the file. Without a size, nothing vouches for the bytes of two transfers being one file's.</summary>
    public RemoteFileInfo Describe() => new(
        Version, Dialogue.TakesRest && Size is not null, FileNameRanking.BestFirst(url.Url.FileNames), url.Url, null);

    /// <summary>Why the server does not send; closes all.</summary>
    public async Task<DownloadException> FailAsync()
    {
        await using var closing = this;
        var end = await transfer.Ended;
        return end.Code is CurlCode.Ok ? Failures.Empty() : Failures.AtOpening(end);
    }

    // Without SIZE, what the server says when it begins to send. Behind REST some mean the whole file with it, and some its rest.
    private long? Size => Dialogue.Size ?? Dialogue.SendingSize switch
    {
        { } rest when request.Expected?.SourceSize is { } size && rest == size - request.SourceOffset => size,
        var size => size,
    };

    public ValueTask DisposeAsync() => transfer.DisposeAsync();
}
