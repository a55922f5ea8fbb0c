using System.Threading.Channels;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Moves a remote file into a volume: read on the thread pool, written on a thread of its own, packets between.</summary>
internal sealed class TransferPipeline(DownloadOptions options, RateLimiter limiter, TimeProvider time)
{
    // Two MiB in flight: more gains nothing, since libvirtd queues as much again on its side.
    private const int QueuedPackets = 8;

    /// <summary>Moves bytes until the file ends or <paramref name="stop"/> fires.</summary>
    /// <param name="file">Where they come from.</param>
    /// <param name="storage">Where they go.</param>
    /// <param name="stop">Ends reading; what has arrived is stored and checkpointed.</param>
    /// <returns>Whether the file's end was reached; false when <paramref name="stop"/> fired before.</returns>
    /// <exception cref="DownloadException">A side failed; what could be stored is checkpointed.</exception>
    public async Task<bool> RunAsync(IRemoteFile file, WindowedStorage storage, CancellationToken stop)
    {
        var packets = Channel.CreateBounded<Packet>(
            new BoundedChannelOptions(QueuedPackets) { SingleReader = true, SingleWriter = true });
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var storing = BlockingWork.RunAsync(() => Store(packets.Reader, storage, reading));
        DownloadException? failure = null;
        var isEnd = false;
        try
        {
            await new PacketReader(file, options.PacketSize, limiter, time).ReadToEndAsync(packets.Writer, reading.Token);
            isEnd = true;
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // The user stopped it, or storing failed: that failure is thrown by the task below.
        }
        catch (DownloadException e)
        {
            failure = e;
        }
        finally
        {
            packets.Writer.Complete();
        }

        await storing;
        return failure is null ? isEnd : throw failure;
    }

    private static void Store(ChannelReader<Packet> packets, WindowedStorage storage, CancellationTokenSource reading)
    {
        try
        {
            storage.StoreAll(packets);
        }
        catch
        {
            reading.Cancel();
            foreach (var packet in packets.ReadAllAsync(CancellationToken.None).ToBlockingEnumerable(CancellationToken.None))
                packet.Release();
            throw;
        }
    }
}
