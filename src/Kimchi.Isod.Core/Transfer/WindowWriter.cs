using System.IO.Hashing;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>One window on its way into a volume. Blocks; belongs to one thread.</summary>
internal sealed class WindowWriter : IDisposable
{
    // Between a disk that has nothing to do until the end, and one that is asked for each packet.
    private const int FlushInterval = 64 << 20;

    private readonly IVolume _volume;
    private readonly IVolumeUpload _upload;
    private readonly XxHash3 _digest = new();
    private readonly WindowTail _tail = new();
    private readonly long _start;
    private readonly long _capacity;
    private long _length;
    private int _unflushed;

    public WindowWriter(IVolume volume, long start, long capacity)
    {
        _volume = volume;
        _start = start;
        _capacity = capacity;
        _upload = volume.BeginUpload(start, capacity);
    }

    /// <summary>How many bytes it can still take.</summary>
    public long Room => _capacity - _length;

    /// <summary>Takes bytes.</summary>
    /// <param name="bytes">Not more than <see cref="Room"/>: that makes libvirt fail with error 38 and lose what was queued.</param>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _upload.Write(bytes);
        _digest.Append(bytes);
        _tail.Note(bytes, _start + _length);
        _length += bytes.Length;
        FlushNowAndThen(bytes.Length);
    }

    /// <summary>Ends the upload and proves that the window is in the volume.</summary>
    public Window Close()
    {
        _upload.Finish();
        var window = new Window(_start, _length, _digest.GetCurrentHashAsUInt64());
        if (_volume.IsZeroed) _tail.Prove(_volume);
        else WindowVerifier.Prove(_volume, window);
        return window;
    }

    /// <summary>Aborts the upload, unless it was closed.</summary>
    public void Dispose() => _upload.Dispose();

    // Also bytes that libvirt still has on their way are flushed in time: by the next one.
    private void FlushNowAndThen(int count)
    {
        _unflushed += count;
        if (_unflushed < FlushInterval) return;
        _unflushed = 0;
        _volume.FlushSoon();
    }
}
