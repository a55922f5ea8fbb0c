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
/// <param name="digest">Gets what is stored; disposed of in the end.</param>
/// <param name="listener">Hears of what is stored.</param>
/// <param name="options">The size and the age of windows.</param>
/// <param name="time">The clock.</param>
/// <param name="abort">Fires when what is in flight is not wanted any more.</param>
internal sealed class WindowedStorage(
    IVolume volume, MissingRange missing, byte[] head, DigestFollower digest, ITransferListener listener, DownloadOptions options, TimeProvider time,
    CancellationToken abort)
    : IDisposable
{
    private readonly WindowPace _pace = new(options.CheckpointInterval, time);
    private readonly HeldHead _head = new(head);
    private MissingRange _missing = missing;
    private WindowWriter? _window;

    /// <summary>The offset of the next byte that <see cref="Store"/> takes.</summary>
    public long Position { get; private set; } = missing.Start;

    /// <summary>What is missing where it stores at present.</summary>
    public MissingRange Missing => _missing;

    /// <summary>How long the next bytes may take until <see cref="Store"/> should be called without any.</summary>
    public TimeSpan Patience => _window is null ? Timeout.InfiniteTimeSpan : _pace.Left;

    /// <summary>Whether all is there that was missing, while the file goes on with bytes that are stored already.</summary>
    public bool IsFull => _missing.IsInside && Position == _missing.End;

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

    /// <summary>Stores bytes before which others are missing, as a window of their own, and checkpoints them.</summary>
    /// <param name="start">The offset of the first of them, behind <see cref="Position"/> and the image's head.</param>
    /// <param name="parts">The bytes, one part after the other.</param>
    public void StoreBehind(long start, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (abort.IsCancellationRequested) return;
        CloseWindow();
        _window = _pace.Open(() => new WindowWriter(volume, start, parts.Sum(part => (long)part.Length)));
        foreach (var part in parts) _window.Write(part.Span);
        CloseWindow();
    }

    /// <summary>Checkpoints all that was stored, and goes on with what is missing then.</summary>
    /// <param name="findNext">Finds it; null where nothing is missing.</param>
    public void GoOn(Func<MissingRange?> findNext)
    {
        if (abort.IsCancellationRequested) return;
        CloseWindow();
        if (findNext() is { } next) (_missing, Position) = (next, next.Start);
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
        digest.Dispose();
    }

    private void Write(WindowWriter window, ReadOnlyMemory<byte> piece)
    {
        digest.Begin(Position, piece);
        try
        {
            window.Write(piece.Span);
        }
        finally
        {
            digest.Wait(); // It reads the packet's buffer.
        }

        Position += piece.Length;
    }

    private int HoldBack(ReadOnlyMemory<byte> bytes)
    {
        var count = _head.LengthOf(bytes);
        if (count == 0) return 0;
        digest.Begin(Position, bytes[..count]);
        digest.Wait();
        _head.Add(bytes.Span[..count]);
        Position += count;
        if (_head.IsWhole) SaveHead();
        return count;
    }

    private void SaveHead()
    {
        if (_head.TryTakeNew(out var head)) listener.HeadReceived(head);
    }

    private WindowWriter OpenWindow()
    {
        var length = _missing.End is { } end ? Math.Min(options.WindowSize, end - Position) : options.GrowthStep;
        if (length <= 0)
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, $"the server sent more than the {_missing.End} bytes it promised");
        if (_missing.End is null) listener.MakeRoom(Position + length);
        return _pace.Open(() => new WindowWriter(volume, Position, length));
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
