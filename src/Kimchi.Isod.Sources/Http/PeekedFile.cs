using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>A file whose first bytes have been looked at, and are read again like all others.</summary>
internal sealed class PeekedFile : IRemoteFile
{
    private readonly IRemoteFile _file;
    private readonly byte[] _head;
    private int _taken;

    private PeekedFile(IRemoteFile file, byte[] head) => (_file, _head) = (file, head);

    /// <summary>The first bytes: as many as were asked for, fewer only where the file has no more.</summary>
    public ReadOnlySpan<byte> Head => _head;

    public RemoteFileInfo Info => _file.Info;

    public long Offset => _file.Offset;

    /// <summary>Reads the first bytes of a file that nobody has read of yet.</summary>
    public static async Task<PeekedFile> OpenAsync(IRemoteFile file, int count, CancellationToken cancellationToken)
    {
        var head = new byte[count];
        var length = 0;
        int read;
        while (length < count && (read = await file.ReadAsync(head.AsMemory(length), cancellationToken)) > 0) length += read;
        return new PeekedFile(file, head[..length]);
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_taken == _head.Length) return _file.ReadAsync(buffer, cancellationToken);
        var part = _head.AsMemory(_taken, Math.Min(_head.Length - _taken, buffer.Length));
        part.CopyTo(buffer);
        _taken += part.Length;
        return ValueTask.FromResult(part.Length);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
