using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Remembers the end of a window, to prove that libvirt has written all of it.</summary>
/// <remarks>
/// virStreamFinish may return 0 though writes failed, but libvirtd's writer stops at its first error. So where the last bytes
/// that are not zero have arrived, all before them have; and zeros behind them are what the new volume holds anyway.
/// </remarks>
internal sealed class WindowTail
{
    private const int Size = 4096;

    private readonly byte[] _bytes = new byte[Size];
    private int _length;
    private long _offset;

    /// <summary>Looks at bytes that were sent to <paramref name="offset"/> of the volume.</summary>
    public void Note(ReadOnlySpan<byte> bytes, long offset)
    {
        var last = bytes.LastIndexOfAnyExcept((byte)0);
        if (last < 0) return;
        var first = Math.Max(0, last + 1 - Size);
        _length = last + 1 - first;
        _offset = offset + first;
        bytes.Slice(first, _length).CopyTo(_bytes);
    }

    /// <summary>Reads the end back and compares it.</summary>
    /// <exception cref="DownloadException">It is not there (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public void Prove(IVolume volume)
    {
        if (_length == 0 || volume.Holds(_offset, _bytes.AsMemory(0, _length))) return;
        throw VolumeContent.Lost($"the bytes before {_offset + _length}");
    }
}
