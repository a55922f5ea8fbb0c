using Kimchi.Isod.Core.Images;

namespace Kimchi.Isod.Core.Remote;

/// <summary>A file whose first bytes have been looked at; they are read all the same.</summary>
internal sealed class PeekedFile : IRemoteFile
{
    private readonly IRemoteFile _file;
    private readonly byte[] _head;
    private int _given;

    private PeekedFile(IRemoteFile file, byte[] head) => (_file, _head) = (file, head);

    public RemoteFileInfo Info => _file.Info;

    public long Offset => _file.Offset;

    public EndEvidence End => _file.End;

    /// <summary>Its first 64 KiB, or all of it where it is smaller.</summary>
    public ReadOnlySpan<byte> Head => _head;

    /// <summary>Reads the first bytes. Disposes of the file where that fails.</summary>
    public static async Task<PeekedFile> OpenAsync(IRemoteFile file, CancellationToken cancellationToken)
    {
        try
        {
            var head = new byte[ImageHead.Size];
            var length = 0;
            int count;
            while (length < head.Length && (count = await file.ReadAsync(head.AsMemory(length), cancellationToken)) > 0) length += count;
            return new PeekedFile(file, head[..length]);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_given == _head.Length) return _file.ReadAsync(buffer, cancellationToken);
        var count = Math.Min(buffer.Length, _head.Length - _given);
        _head.AsSpan(_given, count).CopyTo(buffer.Span);
        _given += count;
        return ValueTask.FromResult(count);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
