using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>Reads files over FTP and FTPS. One connection gives size, time and bytes; a file that cannot be continued is read anew.</summary>
internal sealed class FtpSource(NetworkOptions options, TimeProvider time, ClientCertificates certificates) : IRemoteSource
{
    private readonly FtpConnector _connector = new(options, certificates);

    public async Task<IRemoteFile> OpenAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        if (request.IsSegment) return await OpenSegmentAsync(request, cancellationToken);
        if (request.SourceOffset > 0 && await TryContinueAsync(request, cancellationToken) is { } continued) return continued;
        var connection = await _connector.ConnectAsync(request with { SourceOffset = 0 }, cancellationToken);
        if (!connection.IsSending) throw await connection.FailAsync();
        if (connection.Version.SourceSize is not 0) return Accept(connection, 0);
        await connection.DisposeAsync();
        throw connection.Failures.Empty();
    }

    /// <summary>Never asks: the reply to REST has told.</summary>
    public Task<bool> CanContinueAsync(RemoteRequest request, RemoteFileInfo info, CancellationToken cancellationToken) =>
        Task.FromResult(info.IsResumable == true);

    // FTP knows no end of a part: who has read enough closes the connection.
    private async Task<FtpRemoteFile> OpenSegmentAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var connection = await _connector.ConnectAsync(request, cancellationToken);
        if (!connection.IsSending)
        {
            var failure = await connection.FailAsync();
            throw connection.Dialogue.LastReply is { Command: "REST" or "RETR" } reply && IsRefusal(reply)
                ? DownloadException.UnusableRest(failure.Message, failure)
                : failure;
        }

        var (version, expected) = (connection.Version, request.Expected!);
        if (version.SourceSize == expected.SourceSize && request.Allows(expected.CompareWith(version))) return Accept(connection, request.SourceOffset);
        await connection.DisposeAsync();
        throw DownloadException.UnusableRest($"{request.Url}: the file has {version.SourceSize} bytes there, of {version.LastModified:u}, and is another one or an unknown one");
    }

    private static bool IsRefusal(FtpReply reply) => !reply.IsOfConnection && (reply.IsPermanentRefusal || reply.IsTransientRefusal);

    // Null where the server cannot, the file is another one, or nothing proves that it is the same.
    private async Task<IRemoteFile?> TryContinueAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        var expected = request.Expected ?? throw new ArgumentException("an offset needs the version it belongs to", nameof(request));
        if ((!expected.IsStrong && !request.IsJudged) || request.RangeRefusals >= RemoteRequest.MostRangeRefusals) return null;
        // The reply to REST is no evidence: some servers take it and send from the first byte. So bytes are asked for that are stored, to be
        // compared.
        var from = request with { SourceOffset = request.SourceOffset - Math.Min(RemoteRequest.MostCompared, request.SourceOffset / 2) };
        var connection = await _connector.ConnectAsync(from, cancellationToken);
        if (!connection.IsSending) ThrowUnlessOfRest(await connection.FailAsync(), connection.Dialogue.LastReply, request);
        else if (request.Allows(expected.CompareWith(connection.Version))) return Accept(connection, from.SourceOffset);
        await connection.DisposeAsync();
        return null;
    }

    // What is refused may be the middle alone: the whole file then tells. What may pass is asked for once more before.
    private static void ThrowUnlessOfRest(DownloadException failure, FtpReply? reply, RemoteRequest request)
    {
        if (reply is not { Command: "REST" or "RETR" } || !IsRefusal(reply)) throw failure;
        if (reply.IsTransientRefusal && request.RangeRefusals == 0) throw DownloadException.UnusableRest(failure.Message, failure);
    }

    private FtpRemoteFile Accept(FtpConnection connection, long offset) => new(connection, offset, options, time);
}
