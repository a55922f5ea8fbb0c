using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Signatures;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.State;

/// <summary>What is kept of a download on disk: all that is needed to go on with it after a restart.</summary>
public sealed record DownloadRecord
{
    /// <summary>Given by the store; never used again for another download.</summary>
    public long Id { get; init; }

    /// <summary>The volume that it fills. At most one live download has it.</summary>
    public required VolumeId Volume { get; init; }

    /// <summary>Where the file comes from. Its query is dropped from the store when the download ends.</summary>
    public required RemoteUrl Url { get; init; }

    /// <summary>What the user asked for, which may have led to <see cref="Url"/>: <see cref="UrlMark"/>. Null for downloads of a version that did
    /// not keep it.</summary>
    public string? RequestedUrl { get; init; }

    /// <summary>How many connections the server of <see cref="Url"/> is to have at most, as a metalink says; null where none does.</summary>
    public int? UrlConnections { get; init; }

    /// <summary>Where the same file is, too; never null. Of one that has ended without queries and credentials.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; init; } = [];

    /// <summary>What is known of <see cref="Url"/> as a source, and of each of <see cref="Mirrors"/>, in this order; empty where nothing is.</summary>
    public IReadOnlyList<SourceOutcome> Outcomes { get; init; } = [];

    /// <summary>What the pieces of the file must hash to; only where its size is the one that they are of. Null where that is not known, and for
    /// downloads that have ended. The store does not change it after <see cref="IDownloadStore.Add"/>.</summary>
    public PieceHashes? Pieces { get; init; }

    /// <summary>How many connections the user wants at most, 1 to 16; null for as many as the configuration says.</summary>
    public int? Connections { get; init; }

    /// <summary>For the server; null when there are none and when the download has ended.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>The user's headers, for one server only; null when there are none and when the download has ended.</summary>
    public OriginHeaders? Headers { get; init; }

    /// <summary>Where the download stands.</summary>
    public DownloadState State { get; init; }

    /// <summary>The version of the remote file that the stored bytes belong to, its size included.</summary>
    public required Validator Version { get; init; }

    /// <summary>Whether the server can continue a transfer. A download of unknown size never can.</summary>
    public bool IsResumable { get; init; }

    /// <summary>How the volume's space is kept.</summary>
    public VolumeAllocation Allocation { get; init; }

    /// <summary>What stands in the volume until the image's head does; null for downloads of a version that gave none.</summary>
    public VolumeToken? Token { get; init; }

    /// <summary>The capacity that the volume was made with, of which only this record knows: it identifies a volume that has no token yet.
    /// Null once the token is in the volume.</summary>
    public long? BirthCapacity { get; init; }

    /// <summary><see cref="VolumeFile.Identity"/> of the volume's file, where this machine has seen it; null where it does not see it.</summary>
    public string? FileIdentity { get; init; }

    /// <summary><see cref="VolumeActivity.Stamp"/> of that file when the download last stopped to write to it; null where nothing tells.</summary>
    public string? FileStamp { get; init; }

    /// <summary>Whether the image's head may be in the volume, in the token's place.</summary>
    public bool IsPublishing { get; init; }

    /// <summary>What of the image is stored.</summary>
    public StoredRanges Stored { get; init; } = StoredRanges.None;

    /// <summary>The offset of the image's first byte that is not stored.</summary>
    public long ImagePosition => Stored.ContiguousEnd;

    /// <summary>How many bytes of the image are stored, in whatever order.</summary>
    public long StoredBytes => Stored.Total;

    /// <summary>What is to be fetched next; null when nothing is missing.</summary>
    public MissingRange? FirstGap => Stored.Gaps(ImageSize).FirstOrDefault();

    /// <summary>Whether windows must be read back before they are trusted: something crashed since they were written.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>How often it was begun or tried again.</summary>
    public int Attempts { get; init; }

    /// <summary>How often it started again from the first byte: the remote file had changed, or could not be continued.</summary>
    public int Restarts { get; init; }

    /// <summary>What the whole image must hash to; null when the user gave nothing to compare with.</summary>
    public Checksum? Checksum { get; init; }

    /// <summary>Where <see cref="Checksum"/> was found, with no secrets; null where the user gave it.</summary>
    public string? ChecksumSource { get; init; }

    /// <summary>The list that <see cref="Checksum"/> stands in, its address redacted; null where it is from no list.</summary>
    public string? ChecksumList { get; init; }

    /// <summary>The signature that the image must have; null for none.</summary>
    public ImageSignature? ImageSignature { get; init; }

    /// <summary>What a signature proves: of the list that the checksum stands in, from the start; of the image, when it is published. Null for
    /// nothing.</summary>
    public SignatureProof? Proof { get; init; }

    /// <summary>Whether the whole image will be judged, by a checksum or a signature.</summary>
    public bool IsJudged => Checksum is not null || ImageSignature is not null;

    /// <summary>Its own limit in bytes per second, 0 for none.</summary>
    public long LimitRate { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public DownloadFailure? Failure { get; init; }

    /// <summary>When the user asked for it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it first had a slot.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it completed, failed or was cancelled.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How often in a row the rest of the file was asked for and what came could not be used.</summary>
    public int RangeRefusals { get; init; }

    /// <summary>Whether the bytes are of one file for sure.</summary>
    public JoinDoubt Doubt { get; init; }

    /// <summary>What the user should know of an image that is taken all the same; null for nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Whether it goes on from where it is after a break: the server can continue, and it is proven, or will be judged by a
    /// checksum or a signature, that the bytes are of one file.</summary>
    public bool IsContinuable =>
        IsResumable && SourceSize is not null && (Version.IsStrong || (IsJudged && Doubt is not JoinDoubt.FetchedAgain));

    /// <summary>The size in bytes of the file that the server has, or null while it is not known.</summary>
    public long? SourceSize => Version.SourceSize;

    /// <summary>The size in bytes of the image, or null while it is not known.</summary>
    public long? ImageSize => SourceMapping.ImageSize(SourceSize);
}
