using System.Buffers;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>A pooled buffer with bytes in it, on its way from the network to libvirt.</summary>
internal readonly record struct Packet(byte[] Buffer, int Length)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    public void Release() => ArrayPool<byte>.Shared.Return(Buffer);
}
