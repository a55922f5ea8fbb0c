using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What a start would make of its volume.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Url">What the image is to come from: <see cref="UrlMark"/>.</param>
/// <param name="Checksum">What it must hash to; null where the user does not say.</param>
/// <param name="Request">The start.</param>
internal sealed record WantedImage(VolumeId Volume, string Url, Checksum? Checksum, StartRequest Request)
{
    /// <summary>What a download is not that is asked for; null where it is the one.</summary>
    public string? FindDifference(DownloadRecord record)
    {
        if (!IsFrom(record)) return $"it is from {Shown(record)}, not from {UrlMark.Shown(Url)}{(Shown(record) == UrlMark.Shown(Url) ? " (another query)" : "")}";
        if (Checksum is null || Checksum == record.Checksum) return null;
        return record.Checksum is { } other ? $"it must have {other}, not {Checksum}" : $"it is not compared with a checksum, and {Checksum} is asked for";
    }

    private bool IsFrom(DownloadRecord record) => Url == (record.RequestedUrl ?? UrlMark.OfShown(record.Url));

    private static string Shown(DownloadRecord record) => record.RequestedUrl is { } mark ? UrlMark.Shown(mark) : record.Url.ToString();
}
