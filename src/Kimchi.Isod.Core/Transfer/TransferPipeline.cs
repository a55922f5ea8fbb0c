using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Moves a remote file into a volume, packet by packet, on a thread of its own.</summary>
/// <param name="options">The size of packets.</param>
/// <param name="limits">The limits that hold for it.</param>
/// <param name="listener">Hears of what comes.</param>
/// <param name="decoder">Stands between the file and the storage.</param>
/// <param name="time">The clock.</param>
internal sealed class TransferPipeline(DownloadOptions options, RateLimit[] limits, ITransferListener listener, IImageDecoder decoder, TimeProvider time)
{
    /// <summary>Moves bytes until the file ends, the storage has all that it wants, or <paramref name="stop"/> fires.</summary>
    /// <param name="file">Where they come from.</param>
    /// <param name="overlap">Bytes at its beginning that are stored already.</param>
    /// <param name="storage">Where they go; disposed of in the end, since that blocks as well.</param>
    /// <param name="stop">Ends reading; what has arrived is stored and checkpointed.</param>
    /// <returns>Whether all bytes came; false when <paramref name="stop"/> fired before.</returns>
    /// <exception cref="DownloadException">A side failed; what could be stored is checkpointed.</exception>
    public Task<bool> RunAsync(IRemoteFile file, Overlap overlap, WindowedStorage storage, CancellationToken stop) =>
        BlockingWork.RunAsync(() => Run(file, overlap, storage, stop));

    private bool Run(IRemoteFile file, Overlap overlap, WindowedStorage windows, CancellationToken stop)
    {
        using var storage = windows;
        using var throttle = new Throttle(time, limits);
        using var reader = new PacketReader(file, options.PacketSize, throttle, time, stop);
        DownloadException? failure = null;
        while (!reader.IsAtEnd && !storage.IsFull)
        {
            ReadOnlyMemory<byte> packet;
            try
            {
                packet = reader.Next(storage.Patience);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (DownloadException e)
            {
                failure = e;
                break;
            }

            listener.BytesReceived(packet.Length);
            storage.Store(decoder.Decode(overlap.Remove(packet)));
        }

        storage.Complete();
        return failure is null ? reader.IsAtEnd || storage.IsFull : throw failure;
    }
}
