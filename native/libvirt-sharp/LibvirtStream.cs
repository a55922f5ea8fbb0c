using LibvirtSharp.Errors;
using LibvirtSharp.Interop;

namespace LibvirtSharp;

/// <summary>A stream of bytes into or out of a volume. Its calls block. Use it from one thread at a time.</summary>
/// <remarks>Disposing a stream that was neither finished nor aborted aborts it: freeing it alone would leak a thread in libvirtd.</remarks>
public sealed unsafe class LibvirtStream : IDisposable
{
    private bool _isOpen = true;

    internal LibvirtStream(StreamHandle handle) => Handle = handle;

    internal StreamHandle Handle { get; }

    /// <summary>Sends all of <paramref name="bytes"/>: virStreamSend.</summary>
    /// <remarks>
    /// Returns when they are on their way; an error of the daemon's shows on a later send, or never. At most 33,554,408 bytes
    /// make one packet, more are sent as several. None are sent for an empty span: 0 bytes would end the daemon's writing.
    /// </remarks>
    /// <exception cref="LibvirtException">The daemon failed, or the connection is lost.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            for (var sent = 0; sent < bytes.Length;)
                sent += Check.Result(Native.StreamSend(Handle, first + sent, (nuint)(bytes.Length - sent)));
        }
    }

    /// <summary>Skips bytes, which then read as zeros: virStreamSendHole.</summary>
    /// <remarks>The daemon truncates the file at the hole's end, so holes are for whole files only.</remarks>
    /// <param name="length">How many bytes.</param>
    /// <exception cref="LibvirtException">The stream takes no holes, or the connection is lost.</exception>
    public void SendHole(long length) => Check.Result(Native.StreamSendHole(Handle, length, 0));

    /// <summary>Receives what has arrived: virStreamRecv.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="LibvirtException">The daemon failed, or the connection is lost.</exception>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* first = buffer) return Check.Result(Native.StreamReceive(Handle, first, (nuint)buffer.Length));
    }

    /// <summary>Ends the stream in good order: virStreamFinish.</summary>
    /// <remarks>No proof that what was sent is stored: it returns 0 though the daemon's writes failed (libvirt 9.0).</remarks>
    /// <exception cref="LibvirtException">The daemon failed, or the connection is lost.</exception>
    public void Finish()
    {
        _isOpen = false;
        Check.Result(Native.StreamFinish(Handle));
    }

    /// <summary>Ends the stream at once; what is queued is dropped: virStreamAbort.</summary>
    /// <exception cref="LibvirtException">The connection is lost.</exception>
    public void Abort()
    {
        _isOpen = false;
        Check.Result(Native.StreamAbort(Handle));
    }

    /// <summary>Releases the handle, and aborts the stream where it has not ended.</summary>
    public void Dispose()
    {
        // Its result is of no use: the stream may never have been opened, or its connection is gone.
        if (_isOpen && !Handle.IsClosed) _ = Native.StreamAbort(Handle);
        _isOpen = false;
        Handle.Dispose();
    }
}
