using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The body of a reply, read to its proven end.</summary>
internal sealed class HttpRemoteFile(HttpReply reply, RemoteFileInfo info, long offset, NetworkOptions options, TimeProvider time)
    : IRemoteFile
{
    private Stream? _body;
    private StallWatch? _watch;
    private long _position = offset;

    public RemoteFileInfo Info => info;

    public long Offset { get; } = offset;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _watch ??= new StallWatch(options, time, cancellationToken);
        try
        {
            _body ??= await reply.Content.ReadAsStreamAsync(_watch.Token);
            var read = _body.ReadAsync(buffer, _watch.Token);
            var count = read.IsCompletedSuccessfully ? read.Result : await _watch.WaitAsync(read);
            _position += count;
            return Check(count);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw HttpFailures.Stalled(reply.Url, _position, options);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw HttpFailures.Broken(reply.Url, _position, info.Size, e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watch?.Dispose();
        // Disposing a body before its end closes the connection instead of draining it.
        if (_body is not null) await _body.DisposeAsync();
        reply.Dispose();
    }

    private int Check(int count)
    {
        if (count == 0 && info.Size is { } size && _position != size)
            throw HttpFailures.Broken(reply.Url, _position, size, null);
        if (_position > info.Size)
        {
            throw new DownloadException(
                DownloadErrorKind.RemoteUnreadable, $"{reply.Url}: the server sent more than the {info.Size} bytes it promised");
        }

        return count;
    }
}
