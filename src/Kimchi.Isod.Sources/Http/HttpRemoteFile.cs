using System.Runtime.CompilerServices;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The body of a reply, read to its end.</summary>
/// <remarks>
/// Without any length and chunking the connection's end is the body's: RFC 9112, section 6.3. In plain text that proves nothing, over TLS
/// only a close_notify does (section 9.8).
/// </remarks>
/// <param name="reply">The reply.</param>
/// <param name="info">What the server says of the file.</param>
/// <param name="offset">The byte of the file that the body begins at.</param>
/// <param name="isTlsSeen">Whether the end of the TCP connection is the end of the TLS in it, and not that of a proxy's TLS around it.</param>
/// <param name="options">How long the server may be silent.</param>
/// <param name="time">The clock.</param>
internal sealed class HttpRemoteFile(
    HttpReply reply, RemoteFileInfo info, long offset, bool isTlsSeen, NetworkOptions options, TimeProvider time)
    : IRemoteFile
{
    private readonly StallWatch _watch = new(options, time);
    private readonly long? _end = reply.End;
    private readonly bool _isFramed = reply.IsFramed;
    private readonly ConnectionEnd? _connectionEnd = isTlsSeen && reply.Evidence is EndEvidence.None && reply.Url.Uri.Scheme == Uri.UriSchemeHttps ? new() : null;
    private Stream? _body;
    private long _position = offset;

    public RemoteFileInfo Info => info;

    public EndEvidence End =>
        _connectionEnd is null ? reply.Evidence : _connectionEnd.WasSeen ? EndEvidence.None : EndEvidence.Told;

    public long SourceOffset { get; } = offset;

    // One read for each packet: a pooled state machine keeps it free of allocations.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // A body whose end the runtime does not know is not read beyond it: the server may keep the connection.
        if (!_isFramed && _end is { } end) buffer = buffer[..(int)Math.Min(buffer.Length, end - _position)];
        if (buffer.IsEmpty) return 0;
        _connectionEnd?.Begin();
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
