namespace Kimchi.Isod.Core.Options;

/// <summary>The limits and policies of downloads: the section <c>downloads</c> of the configuration.</summary>
public sealed record DownloadOptions
{
    /// <summary>How many downloads run at once, 1 to 1000. Default 4.</summary>
    public int MaxActive { get; init; } = 4;

    /// <summary>How many more may wait for their turn, 0 to 100,000. Default 100.</summary>
    public int MaxWaiting { get; init; } = 100;

    /// <summary>Bytes of one upload to libvirt, 1 MiB to 16 GiB. Default 1 GiB.</summary>
    /// <remarks>
    /// Every end of a window makes libvirt refresh the pool: 1 ms in a small pool, 18 ms in one of 1000 volumes, while nothing flows.
    /// At 1 GiB/s into such a pool, windows of 256 MiB cost a fifth of the speed. What a crash loses is bounded by
    /// <see cref="CheckpointInterval"/>: a window is this large only where a second brings so much.
    /// </remarks>
    public long WindowSize { get; init; } = 1L << 30;

    /// <summary>How much room is promised at a time to a file whose size is not known, in bytes.</summary>
    public long GrowthStep => Math.Min(WindowSize, 64L << 20);

    /// <summary>Bytes of one packet to libvirt, 4 KiB to 32 MiB. Default 393,192: 384 KiB less the header of 24.</summary>
    /// <remarks>
    /// With libvirt 9.0: 64 KiB cost twice the CPU in both daemons; from 512 KiB on libvirtd's grows, for its heap gives the buffers back
    /// to the kernel after each.
    /// </remarks>
    public int PacketSize { get; init; } = 393_192;

    /// <summary>A window is ended after this time even when it is not full, so that slow transfers lose little. Default 1 s.</summary>
    /// <remarks>Later where ending it is slow, as with a libvirt far away: after twenty times as long as that takes, 30 s at most.</remarks>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most connections that a download can be given.</summary>
    public const int MostConnections = 16;

    /// <summary>How many connections a download may have at once, 1 to 16. Default 4: as many as make it faster, one at first.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>The memory that all downloads together hold pieces of several connections in, in bytes, 0 to 16 GiB. Default 64 MiB.
    /// Where there is none left, a download has one connection.</summary>
    public long BufferMemory { get; init; } = 64L << 20;

    /// <summary>How many connections a server may have at once, of all downloads, 1 to 64; each download has one in any case. Default 4.</summary>
    public int ConnectionsPerHost { get; init; } = 4;

    /// <summary>Which images are published. Default <see cref="AcceptPolicy.Safe"/>.</summary>
    public AcceptPolicy Accept { get; init; } = AcceptPolicy.Safe;

    /// <summary>What is read back before an image is published. Default <see cref="VerifyPolicy.Windows"/>.</summary>
    public VerifyPolicy Verify { get; init; } = VerifyPolicy.Windows;

    /// <summary>What becomes of a file whose end nothing proves. Default <see cref="UnprovenEndPolicy.Refuse"/>.</summary>
    public UnprovenEndPolicy UnprovenEnd { get; init; } = UnprovenEndPolicy.Refuse;

    /// <summary>The most bytes that a list of checksums may have, 1 KiB to 64 MiB. Default 1 MiB.</summary>
    public int MaxChecksumFile { get; init; } = 1 << 20;

    /// <summary>How long a start waits for a list of checksums, from the connection to its last byte. Default 60 s.</summary>
    public TimeSpan ChecksumTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of a pool that no download may take. Default 64 MiB: the state store may live on the same disk.</summary>
    public long MinFree { get; init; } = 64L << 20;

    /// <summary>Bytes per second of all downloads together, 0 for no limit. Default 0.</summary>
    public long LimitRate { get; init; }

    /// <summary>How often a download is tried again without any progress in between, 0 to 1000. Default 10.</summary>
    public int Retries { get; init; } = 10;

    /// <summary>The longest wait between two tries. Default 5 minutes.</summary>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Which images are published.</summary>
public enum AcceptPolicy
{
    /// <summary>ISO 9660 and UDF only.</summary>
    Iso,

    /// <summary>Anything but formats that name other files or that libvirt cannot manage.</summary>
    Safe,

    /// <summary>Anything.</summary>
    Any,
}

/// <summary>What becomes of a file whose end nothing proves: no length, no chunks, no checksum, no ISO 9660 image of that size.</summary>
public enum UnprovenEndPolicy
{
    /// <summary>The download fails.</summary>
    Refuse,

    /// <summary>The end of the connection is taken for the file's.</summary>
    Accept,
}

/// <summary>What is read back before an image is published.</summary>
public enum VerifyPolicy
{
    /// <summary>The end of each window, when it is written; whole windows only after a crash.</summary>
    Windows,

    /// <summary>The whole image.</summary>
    Full,
}
