using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>
/// The volume's half of a transfer: holds the image's head back and writes the rest window by window. Blocks; belongs to one thread.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="size">The file's size, or null while it is not known.</param>
/// <param name="head">The part of the head that is stored already.</param>
/// <param name="position">The first byte that is missing.</param>
/// <param name="sink">Hears of what is stored.</param>
/// <param name="options">The size and the age of windows.</param>
/// <param name="abort">Fires when what is in flight is not wanted any more.</param>
internal sealed class WindowedStorage(
    IVolume volume, long? size, byte[] head, long position, ITransferSink sink, DownloadOptions options, CancellationToken abort)
    : IDisposable
{
    private readonly byte[] _head = Extend(head);
    private int _headLength = head.Length;
    private int _headSaved = head.Length;
    private long _position = position;
    private WindowWriter? _window;
    private long _windowOpened;

    /// <summary>How long the next bytes may take until <see cref="Store"/> should be called without any.</summary>
    public TimeSpan Patience => _window is null ? Timeout.InfiniteTimeSpan : WindowTimeLeft();

    /// <summary>Stores the bytes that follow, none perhaps, and checkpoints what is full or old enough.</summary>
    public void Store(ReadOnlySpan<byte> bytes)
    {
        if (abort.IsCancellationRequested) return;
        bytes = bytes[HoldBack(bytes)..];
        while (bytes.Length > 0)
        {
            _window ??= OpenWindow();
            var count = _window.Write(bytes);
            _position += count;
            bytes = bytes[count..];
            if (_window.Room == 0) CloseWindow();
        }

        if (_window is not null && WindowTimeLeft() == TimeSpan.Zero) CloseWindow();
    }

    /// <summary>Checkpoints all that was stored.</summary>
    public void Complete()
    {
        if (abort.IsCancellationRequested) return;
        SaveHead();
        CloseWindow();
    }

    /// <summary>Aborts the window that is open.</summary>
    public void Dispose() => _window?.Dispose();

    private static byte[] Extend(byte[] head)
    {
        Array.Resize(ref head, ImageHead.Size);
        return head;
    }

    private int HoldBack(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, ImageHead.Size - _headLength);
        if (count == 0) return 0;
        bytes[..count].CopyTo(_head.AsSpan(_headLength));
        _headLength += count;
        _position += count;
        if (_headLength == ImageHead.Size) SaveHead();
        return count;
    }

    private void SaveHead()
    {
        if (_headLength == _headSaved) return;
        sink.HeadReceived(_head.AsSpan(0, _headLength));
        _headSaved = _headLength;
    }

    private WindowWriter OpenWindow()
    {
        var length = size is { } end ? Math.Min(options.WindowSize, end - _position) : options.GrowthStep;
        if (length <= 0)
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, $"the server sent more than the {size} bytes it promised");
        if (size is null) sink.MakeRoom(_position + length);
        _windowOpened = Environment.TickCount64;
        return new WindowWriter(volume, _position, length);
    }

    private void CloseWindow()
    {
        if (_window is not { } window) return;
        var stored = window.Close();
        window.Dispose();
        _window = null;
        sink.WindowStored(stored);
    }

    private TimeSpan WindowTimeLeft()
    {
        var left = options.CheckpointInterval - TimeSpan.FromMilliseconds(Environment.TickCount64 - _windowOpened);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
