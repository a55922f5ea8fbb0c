namespace Kimchi.Isod.Core.Remote;

/// <summary>A file whose first bytes have been looked at; they are read all the same.</summary>
public sealed class PeekedFile : IRemoteFile
{
    private readonly IRemoteFile _file;
    private readonly byte[] _head;
    private int _given;

    private PeekedFile(IRemoteFile file, byte[] head) => (_file, _head) = (file, head);

    /// <inheritdoc/>
    public RemoteFileInfo Info => _file.Info;

    /// <inheritdoc/>
    public long SourceOffset => _file.SourceOffset;

    /// <inheritdoc/>
    public EndEvidence End => _file.End;

    /// <summary>The first bytes: as many as were asked for, fewer only where the file has no more.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Reads the first bytes of a file that nobody has read of yet. Disposes of the file where that fails.</summary>
    /// <param name="file">The file.</param>
    /// <param name="count">How many bytes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<PeekedFile> OpenAsync(IRemoteFile file, int count, CancellationToken cancellationToken)
    {
        try
        {
            var head = new byte[count];
            var length = 0;
            int read;
            while (length < count && (read = await file.ReadAsync(head.AsMemory(length), cancellationToken)) > 0) length += read;
            return new PeekedFile(file, head[..length]);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_given == _head.Length) return _file.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, _head.Length - _given);
        _head.AsSpan(_given, count).CopyTo(buffer.Span);
        _given += count;
        return ValueTask.FromResult(count);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
