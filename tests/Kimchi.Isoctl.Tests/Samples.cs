using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Tests;

/// <summary>Downloads to show.</summary>
internal static class Samples
{
    public static Download Running { get; } = new()
    {
        Id = 7,
        Name = "debian.iso",
        Pool = "ISO",
        Url = "http://host/debian.iso",
        Status = DownloadStatus.Downloading,
        TotalSize = 200 << 20,
        DownloadedSize = 50 << 20,
        Speed = 10 << 20,
        Eta = 15,
    };

    public static Download Completed { get; } = Running with { Status = DownloadStatus.Completed, DownloadedSize = 200 << 20, Speed = 0, Eta = null };

    public static Download Retrying { get; } = Running with { Status = DownloadStatus.Retrying, Speed = 0, Eta = null, Error = "KCHVOL0022E: http://host/debian.iso: dropped" };
}
