using CurlSharp.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>Reads files over FTP and FTPS. One connection gives size, time and bytes; a file that cannot be continued is read anew.</summary>
internal sealed class FtpSource(NetworkOptions options, TimeProvider time) : IRemoteSource
{
    private readonly FtpConnector _connector = new(options);

    public async Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.Offset > 0 && await TryContinueAsync(request, cancellationToken) is { } continued) return continued;
        var connection = await _connector.ConnectAsync(request with { Offset = 0 }, cancellationToken);
        if (!connection.IsSending) throw await connection.FailAsync();
        if (connection.Version.Size is not 0) return Accept(connection, 0);
        await connection.DisposeAsync();
        throw connection.Failures.Empty();
    }

    /// <summary>Never asks: the reply to REST has told.</summary>
    public Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken) =>
        Task.FromResult(info.IsResumable == true);

    // Null where the server cannot, the file is another one, or nothing proves that it is the same.
    private async Task<IRemoteFile?> TryContinueAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var expected = request.Expected ?? throw new ArgumentException("an offset needs the version it belongs to", nameof(request));
        if (!expected.IsStrong && !request.IsJudged) return null;
        var connection = await _connector.ConnectAsync(request, cancellationToken);
        if (connection.IsSending && request.Allows(expected.CompareWith(connection.Version))) return Accept(connection, request.Offset);
        if (!connection.IsSending && !await HasNothingToContinueAsync(connection, expected)) throw await connection.FailAsync();
        await connection.DisposeAsync();
        return null;
    }

    // No REST; or another file, in which there may be no such place.
    private static async Task<bool> HasNothingToContinueAsync(FtpConnection connection, Validator expected)
    {
        var end = await connection.Transfer.Ended;
        return connection.Dialogue.LastReply is { IsPermanentRefusal: true } refusal
            && ((end.Code is CurlCode.QuoteError && refusal.Command == "REST")
                || (connection.Version.Size is not null && expected.CompareWith(connection.Version) is not VersionMatch.Same));
    }

    private FtpRemoteFile Accept(FtpConnection connection, long offset) => new(connection, offset, options, time);
}
