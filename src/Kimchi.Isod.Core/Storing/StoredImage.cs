using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Storing;

/// <summary>The image of a download as far as it is stored: its ranges, its head, its digest, and the space that it is owed.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The digest's memory is freed with the download, which nobody owns alone.")]
internal sealed class StoredImage
{
    private readonly LiveRecord _live;
    private long _room;

    public StoredImage(LiveRecord live)
    {
        _live = live;
        _room = Record.ImagePosition;
        Trust = new ImageTrust(live);
        if (Record.IsJudged) Digest = new ImageDigest(Starts(Record));
    }

    /// <summary>The download's record.</summary>
    public DownloadRecord Record => _live.Current;

    /// <summary>The digest of the stored bytes, as far as this process has seen them; null where there is nothing to compare with.</summary>
    public ImageDigest? Digest { get; }

    /// <summary>Where the stored bytes are from, as far as this process has seen them come.</summary>
    public RangeOrigins Origins { get; } = new();

    /// <summary>Whether what is stored must be read back.</summary>
    public ImageTrust Trust { get; }

    /// <summary>Bytes of the pool that are promised to the image but not taken yet.</summary>
    public long OutstandingBytes => Record switch
    {
        { Allocation: VolumeAllocation.Sparse } record => record.ImageSize.GetValueOrDefault() - record.Stored.Total,
        { Allocation: VolumeAllocation.Growing } record => Math.Max(0, Volatile.Read(ref _room) - record.ImagePosition),
        _ => 0,
    };

    /// <summary>Whether all of the image is stored.</summary>
    public bool IsWhole => Record is { ImageSize: { } size } record && record.ImagePosition == size;

    /// <summary>What is to be fetched next; null when nothing is missing.</summary>
    public MissingRange? FirstGap => Record.FirstGap;

    /// <summary>Whether stored bytes must be read before anything else: they are in doubt, or the digest lacks them.</summary>
    public bool MustReadBack => Trust.IsSuspect || Digest?.Position < Record.ImagePosition;

    /// <inheritdoc cref="LiveRecord.Change(Func{DownloadRecord, DownloadRecord})"/>
    public DownloadRecord Change(Func<DownloadRecord, DownloadRecord> change) => _live.Change(change);

    /// <summary>The bytes that are held back as the head, none while they have not come.</summary>
    public byte[] LoadHead() => _live.Store.LoadHead(Record.Id) ?? [];

    /// <summary>The windows in the order of their bytes.</summary>
    public IReadOnlyList<Window> LoadWindows() => _live.Store.LoadWindows(Record.Id);

    /// <summary>Notes up to which offset the volume of an image of unknown size may grow.</summary>
    public void NoteRoom(long end) => Volatile.Write(ref _room, end);

    /// <summary>Keeps the head, or a first part of it.</summary>
    public void KeepHead(ReadOnlySpan<byte> head)
    {
        var bytes = head.ToArray();
        _live.ChangeStored(
            stored => stored.With(new ImageRange(0, bytes.Length)), r => _live.Store.SaveHead(r.Id, bytes, r.ImagePosition));
        Digest?.Checkpoint();
    }

    /// <summary>Adds a window that is proven to be in the volume.</summary>
    public void KeepWindow(Window window)
    {
        _live.ChangeStored(stored => stored.With(window.Range), r => _live.Store.AddWindow(r.Id, window, r.ImagePosition));
        Digest?.Checkpoint();
    }

    /// <summary>Drops windows that are not stored any more.</summary>
    public void DropWindows(IReadOnlyList<Window> lost) => _live.ChangeStored(
        stored => lost.Aggregate(stored, (ranges, window) => ranges.Without(window.Range)),
        r => _live.Store.DropWindows(r.Id, lost, r.ImagePosition));

    /// <summary>Drops the head: it is fetched again, and what follows it is kept.</summary>
    public void DropHead()
    {
        var length = LoadHead().Length;
        if (length > 0) _live.ChangeStored(stored => stored.Without(new ImageRange(0, length)), r => _live.Store.SaveHead(r.Id, [], r.ImagePosition));
    }

    /// <summary>Puts the token back in the head's place, where that was published or may have been. Blocks.</summary>
    /// <param name="volume">The image's volume.</param>
    /// <param name="headLength">How many bytes of the head may be in it.</param>
    /// <exception cref="DownloadException">The token did not arrive (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public void WithdrawHead(OwnedVolume volume, int headLength)
    {
        HeadPublisher.PutToken(volume, Record.Token!.ToBytes(), headLength);
        if (Record.IsPublishing) Change(r => r with { IsPublishing = false });
    }

    /// <summary>Lets the digest go back to the bytes that are stored: what was in flight did not arrive.</summary>
    public void RewindDigest() => Digest?.Rewind(Record.ImagePosition);

    /// <summary>Gives the digest what was stored out of turn and is not missing any more. Blocks.</summary>
    /// <exception cref="DownloadException">The volume does not have it (transient <see cref="DownloadErrorKind.VolumeLost"/>).</exception>
    public void CatchUpDigest(IVolume volume, CancellationToken stop)
    {
        if (Digest is not { } digest || digest.Position >= Record.ImagePosition) return;
        var windows = LoadWindows().Where(window => window.Start >= digest.Position && window.End <= Record.ImagePosition);
        if (WindowVerifier.FindLost(volume, windows, digest, stop) is [var lost, ..]) throw VolumeContent.Lost($"the bytes from {lost.Start} to {lost.End}");
        digest.Checkpoint();
    }

    /// <summary>Drops all that is stored.</summary>
    public void Drop() => Restart(r => r with { IsPublishing = false });

    /// <summary>Drops all that is stored, since its parts were joined on weak evidence and the checksum is wrong: once.</summary>
    public void DropDoubtful() =>
        Restart(r => r with { Doubt = JoinDoubt.FetchedAgain, Restarts = r.Restarts + 1, Warning = null });

    /// <summary>Begins again at the first byte, of another version perhaps.</summary>
    public void BeginAgain(RemoteFileInfo info)
    {
        Restart(r => ImageTrust.Restored(r) with
        {
            Version = info.Version,
            IsResumable = (info.IsResumable ?? r.IsResumable) && info.SourceSize is not null,
            IsPublishing = false,
            Warning = null,
            Doubt = r.Doubt is JoinDoubt.Weak ? JoinDoubt.None : r.Doubt,
            Restarts = r.Restarts + (r.StoredBytes > 0 ? 1 : 0),
        });
        _room = 0;
    }

    // The checksum's is the first one.
    private static IEnumerable<DigestStart> Starts(DownloadRecord record) =>
        [.. record.Checksum is { } checksum ? [new DigestStart(checksum.Algorithm)] : (DigestStart[])[], .. record.ImageSignature?.Starts ?? []];

    private void Restart(Func<DownloadRecord, DownloadRecord> change) =>
        _live.Change(r => change(r) with { Stored = StoredRanges.None }, _live.Store.Restart);
}
