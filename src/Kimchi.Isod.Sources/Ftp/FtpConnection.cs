using CurlSharp.Errors;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>A transfer that has got as far as the server sending the file, or has failed before.</summary>
internal sealed class FtpConnection(FtpUrl url, Credentials? credentials, FtpTransfer transfer, NetworkOptions options) : IAsyncDisposable
{
    public FtpTransfer Transfer => transfer;

    public FtpDialogue Dialogue => transfer.Dialogue;

    public FtpFailures Failures { get; } = new(url.Url, credentials, transfer.Dialogue, options);

    public bool IsSending => Dialogue.IsSending;

    /// <summary>The file's version: its size, and its time where the server tells it.</summary>
    public Validator Version => new(null, Dialogue.Modified, Dialogue.Size);

    /// <summary>What the server says of the file. Without a size, nothing vouches for the bytes of two transfers being one file's.</summary>
    public RemoteFileInfo Describe() => new(
        Version, Dialogue is { TakesRest: true, Size: not null }, FileNameRanking.BestFirst(url.Url.FileNames), url.Url, null);

    /// <summary>Why the server does not send; closes all.</summary>
    public async Task<DownloadException> FailAsync()
    {
        await using var closing = this;
        var end = await transfer.Ended;
        return end.Code is CurlCode.Ok ? Failures.Empty() : Failures.AtOpening(end);
    }

    public ValueTask DisposeAsync() => transfer.DisposeAsync();
}
