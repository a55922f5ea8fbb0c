using System.Runtime.CompilerServices;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The body of a reply, read to its proven end.</summary>
/// <remarks>Without any length and chunking the connection's end is the file's: RFC 9112, section 6.3, leaves no proof there.</remarks>
internal sealed class HttpRemoteFile(HttpReply reply, RemoteFileInfo info, long offset, NetworkOptions options, TimeProvider time)
    : IRemoteFile
{
    private readonly StallWatch _watch = new(options, time);
    private readonly long? _end = reply.End;
    private Stream? _body;
    private long _position = offset;

    public RemoteFileInfo Info => info;

    public long Offset { get; } = offset;

    // One read for each packet: a pooled state machine keeps it free of allocations.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var token = _watch.TokenFor(cancellationToken);
            _body ??= await reply.OpenBodyAsync(token);
            _watch.BeginRead();
            var read = _body.ReadAsync(buffer, token);
            if (!read.IsCompleted) _watch.Arm();
            var count = await read;
            _watch.EndRead();
            return Accept(count);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is not DownloadException)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            _watch.EndRead();
            throw TransferFailures.Stalled(reply.Url, _position, _watch, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw TransferFailures.Broken(reply.Url, _position, _end, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Disposing a body before its end closes the connection instead of draining it.
        if (_body is not null) await _body.DisposeAsync();
        reply.Dispose();
        _watch.Dispose();
    }

    private int Accept(int count)
    {
        _position += count;
        _watch.Count(count);
        if (_position > _end) throw TransferFailures.TooLong(reply.Url, _end.Value);
        if (count == 0 && _end is { } end && _position != end) throw TransferFailures.Broken(reply.Url, _position, end, null);
        if (count > 0 && _watch.IsTooSlow) throw TransferFailures.Stalled(reply.Url, _position, _watch, null);
        return count;
    }
}
