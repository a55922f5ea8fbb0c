using System.Buffers;
using System.Runtime.CompilerServices;
using CurlSharp.Errors;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>The bytes of a transfer, read to the end that the server has told.</summary>
/// <remarks>
/// The last byte is given out only after the server has said that it sent all (226): until then the download is not complete, and a
/// retry asks the server again, for that one byte. Where it tells no size, there is nothing to compare its word with, and some say it of a
/// file that was cut off: the end is unproven then.
/// </remarks>
internal sealed class FtpRemoteFile(FtpConnection connection, long offset, NetworkOptions options, TimeProvider time) : IRemoteFile
{
    private readonly StallWatch _watch = new(options, time);
    private long _position = offset;

    public RemoteFileInfo Info { get; } = connection.Describe();

    public EndEvidence End => Info.SourceSize is null ? EndEvidence.None : EndEvidence.Told;

    private FtpTransfer Transfer => connection.Transfer;

    private bool IsProven => Transfer.Ended is { IsCompletedSuccessfully: true, Result.Code: CurlCode.Ok };

    public long SourceOffset { get; } = offset;

    // One read for each packet: a pooled state machine keeps it free of allocations.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var arrived = await WaitForBytesAsync(cancellationToken);
            var count = Take(arrived, buffer.Span);
            if (count > 0) return count;
            await RequireGoodEndAsync(cancellationToken);
            if (!arrived.IsEmpty) continue;
            if (Info.SourceSize is { } size && _position != size) throw TransferFailures.Broken(Info.FinalUrl, _position, size, null);
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        _watch.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlySequence<byte>> WaitForBytesAsync(CancellationToken cancellationToken)
    {
        try
        {
            _watch.BeginRead();
            var read = Transfer.Reader.ReadAsync(_watch.TokenFor(cancellationToken));
            if (!read.IsCompleted) _watch.Arm();
            var result = await read;
            _watch.EndRead();
            return result.Buffer;
        }
        catch (OperationCanceledException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _watch.EndRead();
            throw TransferFailures.Stalled(Info.FinalUrl, _position, _watch, e);
        }
    }

    private int Take(ReadOnlySequence<byte> arrived, Span<byte> buffer)
    {
        if (_position + arrived.Length > Info.SourceSize) throw TooLong();
        var hasLast = _position + arrived.Length == Info.SourceSize && arrived.Length > 0;
        var count = (int)Math.Min(buffer.Length, hasLast && !IsProven ? arrived.Length - 1 : arrived.Length);
        var taken = arrived.Slice(0, count);
        taken.CopyTo(buffer);
        Transfer.Reader.AdvanceTo(taken.End);
        _position += count;
        _watch.Count(count);
        if (count > 0 && _watch.IsTooSlow) throw TransferFailures.Stalled(Info.FinalUrl, _position, _watch, null);
        return count;
    }

    // What follows REST is more than the rest where the server began at the first byte all the same.
    private DownloadException TooLong()
    {
        var failure = TransferFailures.TooLong(Info.FinalUrl, Info.SourceSize!.Value);
        return SourceOffset > 0 ? DownloadException.UnusableRest(failure.Message, failure) : failure;
    }

    private async Task RequireGoodEndAsync(CancellationToken cancellationToken)
    {
        var end = await Transfer.Ended.WaitAsync(cancellationToken);
        if (end.Code is not CurlCode.Ok) throw connection.Failures.InTransfer(end, _position, Info.SourceSize);
    }
}
