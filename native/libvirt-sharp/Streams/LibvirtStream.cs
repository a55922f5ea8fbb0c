using LibvirtSharp.Errors;
using LibvirtSharp.Handles;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>
/// The bytes of one transfer (<c>virStreamPtr</c>, blocking). Made by <see cref="LibvirtConnection.NewStream"/>, begun by
/// <see cref="StorageVolume.Upload"/> or <see cref="StorageVolume.Download"/>, ended by <see cref="Finish"/> or <see
/// cref="Abort"/>. One thread at a time.
/// </summary>
/// <remarks>
/// An upload that was finished is not proven to be in the volume: libvirtd 9.0 can lose the error of a failed write (a full disk
/// among them) and answer the finish with success. Read back, or compare the allocation, where it matters. Nothing is synced
/// to the disk either.
/// </remarks>
public sealed class LibvirtStream : IDisposable
{
    /// <summary>
    /// The most that one packet carries, in bytes: <c>VIR_NET_MESSAGE_MAX</c> (32 MiB) less the header of 24. A larger
    /// <see cref="Send"/> goes in several.
    /// </summary>
    public const int MaxPacketSize = 33_554_408;

    private readonly StreamHandle _handle;

    internal LibvirtStream(StreamHandle handle) => _handle = handle;

    /// <summary>
    /// Sends all of <paramref name="data"/>, or throws (<c>virStreamSend</c>). Blocks until libvirtd has taken it, though not
    /// until it is written: an error of an earlier packet shows here, or never. After an error the stream only wants to be
    /// disposed of.
    /// </summary>
    /// <param name="data">Any number of bytes; none does nothing, for a packet of 0 bytes would end the upload.</param>
    /// <exception cref="NoSpaceException">
    /// An earlier packet found the disk full, or more than the upload's length was sent.
    /// </exception>
    /// <exception cref="ConnectionLostException">The connection is gone.</exception>
    /// <exception cref="LibvirtException">The server could not write, or no upload has begun.</exception>
    public unsafe void Send(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                var count = Math.Min(data.Length - done, MaxPacketSize);
                done += Moved(NativeMethods.virStreamSend(_handle, start + done, (nuint)count));
            }
        }
    }

    /// <summary>
    /// Sends a hole of <paramref name="length"/> bytes (<c>virStreamSendHole</c>), in an upload begun as
    /// <see cref="StorageVolumeTransferOptions.Sparse"/>. libvirtd cuts the file at the hole's end: only for whole uploads, from
    /// front to back.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="LibvirtException">The upload is not sparse, or as <see cref="Send"/>.</exception>
    public void SendHole(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Check.NotNegative(NativeMethods.virStreamSendHole(_handle, length, 0), _handle);
    }

    /// <summary>Receives some bytes (<c>virStreamRecv</c>); blocks until there are any.</summary>
    /// <param name="buffer">Where they go; not empty.</param>
    /// <returns>
    /// How many were received, often fewer than fit; 0 at the end of the data, after which comes <see cref="Finish"/>.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="buffer"/> is empty, so 0 would not mean the end.</exception>
    /// <exception cref="ConnectionLostException">The connection is gone.</exception>
    /// <exception cref="LibvirtException">The server could not read, or no download has begun.</exception>
    public unsafe int Receive(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            throw new ArgumentException("The buffer is empty.", nameof(buffer));
        fixed (byte* start = buffer)
            return Received(NativeMethods.virStreamRecv(_handle, start, (nuint)buffer.Length));
    }

    /// <summary>
    /// Ends the transfer and waits for the server's answer (<c>virStreamFinish</c>). A download may be finished before its end.
    /// Success of an upload proves little: see the remarks of the type.
    /// </summary>
    /// <exception cref="LibvirtException">The server reports an error of the transfer, or none has begun.</exception>
    public void Finish()
    {
        _handle.Transferring = false;
        Check.NotNegative(NativeMethods.virStreamFinish(_handle), _handle);
    }

    /// <summary>
    /// Breaks the transfer off (<c>virStreamAbort</c>); what the server has queued is dropped, up to some MiB. Nothing happens
    /// where none has begun.
    /// </summary>
    /// <exception cref="LibvirtException">The server could not be told.</exception>
    public void Abort()
    {
        _handle.Transferring = false;
        Check.NotNegative(NativeMethods.virStreamAbort(_handle), _handle);
    }

    /// <summary>
    /// Frees the stream (<c>virStreamFree</c>), after an abort where a transfer was neither finished nor aborted: without it
    /// libvirtd would keep a thread and the file.
    /// </summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>Has <paramref name="begin"/> attach a transfer.</summary>
    internal void Begin(Action<StreamHandle> begin)
    {
        begin(_handle);
        _handle.Transferring = true;
    }

    private int Moved(int result) => result == 0
        ? throw new InvalidOperationException("libvirt sent no byte and reported no error.")
        : Received(result);

    // -2 (would block) is for non-blocking streams and -3 (a hole is next) for virStreamRecvFlags; this stream is never either.
    private int Received(int result) => result < -1
        ? throw new InvalidOperationException($"libvirt answered {result}, which a blocking stream never does.")
        : Check.NotNegative(result, _handle);
}
