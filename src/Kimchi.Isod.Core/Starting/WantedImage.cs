using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Signatures;
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
    /// <summary>What a signature proves of the list that the checksum stands in; null where none is demanded of a list.</summary>
    public SignatureProof? ListProof { get; init; }

    /// <summary>The signature that the image itself must have; null for none.</summary>
    public ImageSignature? Signature { get; init; }

    /// <summary>Whether it must be signed, or its list.</summary>
    public bool IsSigned => ListProof is not null || Signature is not null;

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
