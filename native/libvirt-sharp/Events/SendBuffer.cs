using LibvirtSharp.Interop;

namespace LibvirtSharp.Events;

/// <summary>The send buffers of libvirt's sockets, which its loop alone gets to see.</summary>
/// <remarks>
/// By default a Unix socket takes 208 KiB, less than a packet: the sender fell asleep several times in each, and libvirtd read each in
/// pieces. Measured over 2 GiB in packets of 1 MiB, with 1 MiB of buffer: 0.74 of curl's speed instead of 0.55. With smaller packets
/// 2 to 4 MiB were the best; 8 MiB gained no more.
/// </remarks>
internal static class SendBuffer
{
    private const int SocketLevel = 1;
    private const int Size = 7;
    private const int SizeForced = 32;

    // The kernel doubles it, for its own book-keeping.
    private const int Bytes = 2 * 1024 * 1024;

    /// <summary>
    /// Makes room. The kernel gives less to unprivileged processes (net.core.wmem_max), and a descriptor that is no socket has none:
    /// both work as well, if slower.
    /// </summary>
    public static void Enlarge(int descriptor)
    {
        if (NativeMethods.setsockopt(descriptor, SocketLevel, SizeForced, Bytes, sizeof(int)) < 0)
            _ = NativeMethods.setsockopt(descriptor, SocketLevel, Size, Bytes, sizeof(int));
    }
}
