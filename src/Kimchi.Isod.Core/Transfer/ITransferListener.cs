using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>Hears of what a transfer has stored. Called on the transfer's thread, which it may block, but for
/// <see cref="BytesReceived"/>, which any thread calls.</summary>
internal interface ITransferListener
{
    /// <summary>Bytes have come; they are not stored yet.</summary>
    void BytesReceived(int count);

    /// <summary>The first bytes of the image have arrived, all of its head or a part.</summary>
    void HeadReceived(ReadOnlySpan<byte> head);

    /// <summary>The volume must hold bytes up to <paramref name="end"/> soon.</summary>
    void MakeRoom(long end);

    /// <summary>A window is proven to be in the volume.</summary>
    void WindowStored(Window window);

    /// <summary>There are so many connections now.</summary>
    void Connected(int connections);

    /// <summary>Finds what is missing now, all windows being known; null for nothing.</summary>
    MissingRange? NextMissing();
}
