using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>
/// The volume's half of a transfer: holds the image's head back and writes the rest window by window. Blocks; belongs to one thread.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="missing">Which bytes are missing.</param>
/// <param name="head">The part of the head that is stored already.</param>
/// <param name="digest">Digests what is stored, where there is a checksum to compare with; disposed of in the end.</param>
/// <param name="listener">Hears of what is stored.</param>
/// <param name="options">The size and the age of windows.</param>
/// <param name="time">The clock.</param>
/// <param name="abort">Fires when what is in flight is not wanted any more.</param>
internal sealed class WindowedStorage(
    IVolume volume, MissingRange missing, byte[] head, DigestThread? digest, ITransferListener listener, DownloadOptions options, TimeProvider time,
    CancellationToken abort)
    : IDisposable
{
    private readonly WindowPace _pace = new(options.CheckpointInterval, time);
    private readonly byte[] _head = Extend(head);
    private int _headLength = head.Length;
    private int _headSaved = head.Length;
    private long _position = missing.Start;
    private WindowWriter? _window;

    /// <summary>How long the next bytes may take until <see cref="Store"/> should be called without any.</summary>
    public TimeSpan Patience => _window is null ? Timeout.InfiniteTimeSpan : _pace.Left;

    /// <summary>Whether all is there that was missing, while the file goes on with bytes that are stored already.</summary>
    public bool IsFull => missing.IsInside && _position == missing.End;

    /// <summary>Stores the bytes that follow, none perhaps, and checkpoints what is full or old enough.</summary>
    public void Store(ReadOnlyMemory<byte> bytes)
    {
        if (abort.IsCancellationRequested) return;
        bytes = bytes[HoldBack(bytes)..];
        while (bytes.Length > 0 && !IsFull)
        {
            _window ??= OpenWindow();
            var piece = bytes[..(int)Math.Min(bytes.Length, _window.Room)];
            Write(_window, piece);
            bytes = bytes[piece.Length..];
            if (_window.Room == 0) CloseWindow();
        }

        if (_window is not null && _pace.Left == TimeSpan.Zero) CloseWindow();
    }

    /// <summary>Checkpoints all that was stored.</summary>
    public void Complete()
    {
        if (abort.IsCancellationRequested) return;
        SaveHead();
        CloseWindow();
    }

    /// <summary>Aborts the window that is open.</summary>
    public void Dispose()
    {
        _window?.Dispose();
        digest?.Dispose();
    }

    private static byte[] Extend(byte[] head)
    {
        Array.Resize(ref head, ImageHead.Size);
        return head;
    }

    private void Write(WindowWriter window, ReadOnlyMemory<byte> piece)
    {
        digest?.Begin(piece);
        try
        {
            window.Write(piece.Span);
        }
        finally
        {
            digest?.Wait(); // It reads the packet's buffer.
        }

        _position += piece.Length;
    }

    private int HoldBack(ReadOnlyMemory<byte> bytes)
    {
        var count = Math.Min(bytes.Length, ImageHead.Size - _headLength);
        if (count == 0) return 0;
        digest?.Begin(bytes[..count]);
        digest?.Wait();
        bytes.Span[..count].CopyTo(_head.AsSpan(_headLength));
        _headLength += count;
        _position += count;
        if (_headLength == ImageHead.Size) SaveHead();
        return count;
    }

    private void SaveHead()
    {
        if (_headLength == _headSaved) return;
        listener.HeadReceived(_head.AsSpan(0, _headLength));
        _headSaved = _headLength;
    }

    private WindowWriter OpenWindow()
    {
        var length = missing.End is { } end ? Math.Min(options.WindowSize, end - _position) : options.GrowthStep;
        if (length <= 0)
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, $"the server sent more than the {missing.End} bytes it promised");
        if (missing.End is null) listener.MakeRoom(_position + length);
        return _pace.Open(() => new WindowWriter(volume, _position, length));
    }

    private void CloseWindow()
    {
        if (_window is not { } window) return;
        _pace.Close(() =>
        {
            var stored = window.Close();
            window.Dispose();
            _window = null;
            listener.WindowStored(stored);
        });
    }
}
