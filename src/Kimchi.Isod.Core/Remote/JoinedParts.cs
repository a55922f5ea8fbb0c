using System.Runtime.CompilerServices;

namespace Kimchi.Isod.Core.Remote;

/// <summary>A file that comes in parts, each as long as the server likes (RFC 9110, section 15.3.7): the next is asked for where one ends as
/// it was announced.</summary>
/// <param name="first">The first part; disposed of with this.</param>
/// <param name="openNext">Opens the file at an offset.</param>
/// <param name="isSameFile">Whether what was opened may be put together with what came before.</param>
/// <param name="end">The offset of the first byte that is not wanted; null for all to the end of the file.</param>
internal sealed class JoinedParts(
    IRemoteFile first, Func<long, CancellationToken, Task<IRemoteFile>> openNext, Func<IRemoteFile, bool> isSameFile, long? end = null) : IRemoteFile
{
    private IRemoteFile _part = first;
    private long _position = first.SourceOffset;
    private long _partStart = first.SourceOffset;

    public RemoteFileInfo Info { get; } = first.Info;

    public long SourceOffset { get; } = first.SourceOffset;

    public EndEvidence End => _part.End;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var count = await _part.ReadAsync(buffer, cancellationToken);
            _position += count;
            if (count > 0 || End is not EndEvidence.Part || _position == _partStart || _position >= end) return count;
            if (!await GoOnAsync(cancellationToken)) return 0;
        }
    }

    public ValueTask DisposeAsync() => _part.DisposeAsync();

    private async Task<bool> GoOnAsync(CancellationToken cancellationToken)
    {
        var next = await openNext(_position, cancellationToken);
        if (next.SourceOffset != _position || !isSameFile(next))
        {
            await next.DisposeAsync();
            return false;
        }

        await _part.DisposeAsync();
        (_part, _partStart) = (next, _position);
        return true;
    }
}
