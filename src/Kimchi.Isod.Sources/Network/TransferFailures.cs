using System.Globalization;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Network;

/// <summary>Why a body ended before its file did. All may pass but a body that is too long.</summary>
internal static class TransferFailures
{
    /// <summary>The server was silent, or too slow, in the middle of the file.</summary>
    public static DownloadException Stalled(RemoteUrl url, long position, StallWatch watch, Exception? cause) => DownloadException.Transient(
        DownloadErrorKind.RemoteUnreadable,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{url}: the transfer stalled at byte {position}: {watch.Received} bytes in {watch.Waited.TotalSeconds:0.#} s of waiting (downloads:stall_timeout, stall_rate)"),
        cause);

    /// <summary>The body ended before the file did, or the connection broke.</summary>
    public static DownloadException Broken(RemoteUrl url, long position, long? end, Exception? cause) => DownloadException.Transient(
        DownloadErrorKind.RemoteUnreadable,
        $"{url}: the connection ended at byte {position} of {end?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number"}" +
        (cause is null ? "" : $" ({cause.GetBaseException().Message})"),
        cause);

    /// <summary>The server sent more than it promised, so it does not say the truth of one of the two.</summary>
    public static DownloadException TooLong(RemoteUrl url, long end) => new(
        DownloadErrorKind.RemoteUnreadable,
        $"{url}: the server sent more than the {end} bytes that it promised; the file may be changing, try again later");
}
