using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Images;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Segments;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Running;

/// <summary>Decides whether a download that has one connection gets more, and of which servers.</summary>
/// <param name="download">The download.</param>
/// <param name="source">Where it reads from.</param>
/// <param name="file">The file that it reads there.</param>
/// <param name="ramp">Says how many connections there should be.</param>
/// <param name="limits">The limits that hold for it.</param>
/// <param name="services">What downloads share.</param>
internal sealed class SegmentedFetch(
    Download download, DownloadSource source, IRemoteFile file, ConnectionRamp ramp, RateLimit[] limits, DownloadServices services)
{
    /// <summary>Whether several connections are to go on with the file, which is read to where the storage is.</summary>
    public bool IsDue(WindowedStorage storage)
    {
        if (storage.Position <= HeldHead.Size || !IsAllowed) return false;
        ramp.Note(download.Record.ImageSize!.Value - storage.Position, limits.Any(limit => limit.IsBinding));
        if (ramp.Level > 1 && !HasRoom) ramp.Bound(1);
        return ramp.Level > 1;
    }

    /// <inheritdoc cref="SegmentedTransfer.IsFileKept"/>
    public bool IsFileKept { get; private set; }

    /// <summary>Fetches all that is missing.</summary>
    /// <inheritdoc cref="SegmentedTransfer.Run"/>
    public TransferEnd Run(WindowedStorage storage, ITransferListener listener, CancellationToken stop)
    {
        var record = download.Record;
        var shared = new SegmentServices(services.Hosts, services.Memory, limits, services.Time)
        {
            Check = record is { Pieces: { } pieces, ImageSize: { } size } ? new PieceCheck(pieces, size) : null,
        };
        var transfer = new SegmentedTransfer(FindSources(), shared, ramp, listener);
        var missing = record.Stored.Gaps(record.ImageSize).Select(gap => new ImageRange(gap.Start, gap.End!.Value)).ToList();
        var sizes = SegmentSizes.For(ramp.RateOfOne, download.MostConnections(services.Options), services.Memory.Available, record.Pieces?.Length ?? 0);
        var end = transfer.Run(file, storage, missing, sizes, stop);
        IsFileKept = transfer.IsFileKept;
        return end;
    }

    private bool IsAllowed => download.Record is { IsResumable: true, ImageSize: not null } record
        && (record.Version.IsStrong || Continuation.IsJudged(record)) && file.Info.IsResumable is not false;

    private bool HasRoom => services.Memory.Available >= SegmentSizes.PiecesOfEach * SegmentSizes.SmallestPiece
        && FindSources().Exists(origin => origin.IsUsable && origin.Connections < origin.MostConnections && services.Hosts.HasRoom(origin.Host));

    // Only a checksum of the whole tells that what comes from several servers is one file.
    private List<ISegmentSource> FindSources()
    {
        var others = Continuation.IsJudged(download.Record) ? download.Sources.Where(other => other != source) : [];
        return [new SegmentOrigin(download, source, services, file.Info), .. others.Select(other => new SegmentOrigin(download, other, services, null))];
    }
}
