using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>
/// The network's half of a transfer: gathers what a remote file gives to packets, in one buffer. Blocks; belongs to one thread.
/// </summary>
/// <remarks>
/// A packet is stored before the next is read: the kernel's receive buffer takes what the network brings meanwhile. Measured over
/// loopback, a reader on the thread pool with a queue of eight packets behind it was no faster, and took eight times the memory.
/// </remarks>
internal sealed class PacketReader(
    IRemoteFile file, int packetSize, Throttle throttle, TimeProvider time, CancellationToken stop) : IDisposable
{
    // A slow server's bytes are handed on even when they do not fill a packet.
    private static readonly TimeSpan MaxPacketAge = TimeSpan.FromMilliseconds(500);

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(packetSize);
    private readonly CancellationTokenSource _reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private readonly PatientWait _wait = new();
    private Task<int>? _read;
    private Task? _payment;
    private bool _isEnding;
    private int _start;
    private int _end;

    /// <summary>Whether the file's end was reached. The last packet may come with it.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Whether all that was read has been given, after <see cref="EndReading"/>: somebody else can go on with the file.</summary>
    public bool HasEnded => _isEnding && Pending is null;

    private int Held => _end - _start;

    private Task? Pending => _payment ?? _read;

    /// <summary>Gives the bytes that follow; none when none came for so long, or at the end.</summary>
    /// <param name="patience">How long to wait for the first byte.</param>
    /// <returns>At most a packet's bytes, good until the next call.</returns>
    /// <remarks>A failure is thrown once every byte that came before it has been given.</remarks>
    public ReadOnlyMemory<byte> Next(TimeSpan patience)
    {
        DropGiven();
        var begun = time.GetTimestamp();
        while (!IsAtEnd && _end < packetSize)
        {
            if (Held > 0 && stop.IsCancellationRequested) break;
            if (Pending is null && _isEnding) break;
            if (Pending is null) Begin();
            else if (!TryFinish(Pending, Held > 0 ? TimeLeft(begun) : patience)) break;
        }

        return _buffer.AsMemory(_start, Held);
    }

    /// <summary>Begins no further read; what is in flight is still given.</summary>
    public void EndReading() => _isEnding = true;

    /// <summary>Stops a read in flight, and waits until it has let go of the buffer.</summary>
    public void Dispose()
    {
        _reading.Cancel();
        if (_read is not null) Task.WaitAny([_read], CancellationToken.None);
        _reading.Dispose();
    }

    // A read in flight fills the buffer from where the given bytes end.
    private void DropGiven() => _start = _end = _read is null ? 0 : _end;

    private TimeSpan TimeLeft(long begun)
    {
        var left = MaxPacketAge - time.GetElapsedTime(begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    // A read that completes at once costs no task.
    private void Begin()
    {
        stop.ThrowIfCancellationRequested();
        var count = throttle.Allow(packetSize - _end);
        var read = file.ReadAsync(_buffer.AsMemory(_end, count), _reading.Token);
        if (read.IsCompletedSuccessfully) Accept(read.Result);
        else _read = read.AsTask();
    }

    private bool TryFinish(Task pending, TimeSpan patience)
    {
        if (!_wait.For(pending, patience)) return false;
        // A failure waits until what is held has been given.
        if (!pending.IsCompletedSuccessfully && Held > 0) return false;
        if (_payment is not null) Settle();
        else Accept(TakeRead());
        return true;
    }

    private void Settle()
    {
        var payment = _payment!;
        _payment = null;
        _wait.End(payment);
    }

    private int TakeRead()
    {
        var read = _read!;
        _read = null;
        return _wait.ResultOf(read);
    }

    private void Accept(int count)
    {
        if (count == 0)
        {
            IsAtEnd = true;
            return;
        }

        _end += count;
        var payment = throttle.PayAsync(count, _reading.Token);
        if (!payment.IsCompletedSuccessfully) _payment = payment.AsTask();
    }
}
