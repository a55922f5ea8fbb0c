using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Moves a remote file into a volume, packet by packet. Blocks.</summary>
/// <param name="options">The size of packets.</param>
/// <param name="limits">The limits that hold for it.</param>
/// <param name="listener">Hears of what comes.</param>
/// <param name="decoder">Stands between the file and the storage.</param>
/// <param name="time">The clock.</param>
/// <param name="isEnough">Whether to end although more is to come; asked after each packet.</param>
internal sealed class TransferPipeline(
    DownloadOptions options, RateLimit[] limits, ITransferListener listener, IImageDecoder decoder, TimeProvider time,
    Func<bool> isEnough)
{
    /// <summary>Moves bytes until the file ends, the storage has all that it wants, or <paramref name="stop"/> fires.</summary>
    /// <param name="file">Where they come from.</param>
    /// <param name="overlap">Bytes at its beginning that are stored already.</param>
    /// <param name="storage">Where they go. The last bytes are not checkpointed.</param>
    /// <param name="stop">Ends reading; what has arrived is stored.</param>
    /// <returns>Why it ended.</returns>
    /// <exception cref="DownloadException">A side failed; what could be stored is checkpointed.</exception>
    public TransferEnd Run(IRemoteFile file, Overlap overlap, WindowedStorage storage, CancellationToken stop)
    {
        using var throttle = new Throttle(time, limits);
        using var reader = new PacketReader(file, options.PacketSize, throttle, time, stop);
        while (!reader.IsAtEnd && !storage.IsFull)
        {
            if (reader.HasEnded) return TransferEnd.Enough;
            ReadOnlyMemory<byte> packet;
            try
            {
                packet = reader.Next(storage.Patience);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return TransferEnd.Stopped;
            }
            catch (DownloadException)
            {
                storage.Complete();
                throw;
            }

            listener.BytesReceived(packet.Length);
            storage.Store(decoder.Decode(overlap.Remove(packet)));
            if (isEnough()) reader.EndReading();
        }

        return TransferEnd.Complete;
    }
}

/// <summary>Why a transfer ended.</summary>
internal enum TransferEnd
{
    /// <summary>All that was missing has come, or the file has ended.</summary>
    Complete,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>The rest is better fetched in another way. The file is read to where the storage is.</summary>
    Enough,
}
