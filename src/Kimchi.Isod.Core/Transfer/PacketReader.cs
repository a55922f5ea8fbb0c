using System.Buffers;
using System.Threading.Channels;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>The network's half of a transfer: fills packets from a remote file.</summary>
internal sealed class PacketReader(IRemoteFile file, int packetSize, RateLimiter limiter, TimeProvider time)
{
    // A slow server's bytes are handed on even when they do not fill a packet.
    private static readonly TimeSpan MaxPacketAge = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads to the file's end.</summary>
    /// <remarks>However it ends, every byte that was read has been handed on.</remarks>
    public async Task ReadToEndAsync(ChannelWriter<Packet> packets, CancellationToken cancellationToken)
    {
        var isEnd = false;
        while (!isEnd)
        {
            var packet = new Packet(ArrayPool<byte>.Shared.Rent(packetSize), 0);
            try
            {
                isEnd = await FillAsync();
            }
            finally
            {
                if (packet.Length > 0) await packets.WriteAsync(packet, CancellationToken.None);
                else packet.Release();
            }

            async Task<bool> FillAsync()
            {
                var started = time.GetTimestamp();
                while (packet.Length < packetSize && (packet.Length == 0 || time.GetElapsedTime(started) < MaxPacketAge))
                {
                    var count = await file.ReadAsync(packet.Buffer.AsMemory(packet.Length, packetSize - packet.Length), cancellationToken);
                    if (count == 0) return true;
                    packet = packet with { Length = packet.Length + count };
                    await limiter.SpendAsync(count, cancellationToken);
                }

                return false;
            }
        }
    }
}
