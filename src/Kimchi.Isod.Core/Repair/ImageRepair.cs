using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Repair;

/// <summary>What follows when all of an image is stored and its checksum is wrong: what is wrong of it, or may be, is taken out and fetched again
/// from another source. Lasts as long as the run.</summary>
internal sealed class ImageRepair(Download download, RunControl run, DownloadServices services)
{
    private readonly SourceTrial _trial = new(download, services.Logger);
    private IReadOnlyList<ImageRange> _wrongPieces = [];
    private int _rounds;

    /// <summary>Whether anything was taken out.</summary>
    public bool HasActed => _rounds > 0;

    /// <summary>Takes out what is wrong, or may be.</summary>
    /// <returns>False where nothing more can be done.</returns>
    /// <exception cref="DownloadException">The volume cannot be read.</exception>
    public async Task<bool> TryBeginAsync()
    {
        if (download.Record is not { ImageSize: { } size, Allocation: not VolumeAllocation.Growing, Checksum: not null, Doubt: not JoinDoubt.FetchedAgain }) return false;
        if (_rounds > download.Sources.Count + 1) return false;
        download.Enter(RunPhase.Verifying);
        var isBegun = await WithStoredAsync((stored, volume) =>
        {
            var ranges = FindWrongPieces(stored, size);
            if (ranges.Count == 0) ranges = _trial.Begin(stored, size);
            if (ranges.Count > 0) new RangeRemoval(download.Image, volume, ranges, run.Stopping).Run();
            return ranges.Count > 0;
        });
        if (isBegun) _rounds++;
        download.Enter(RunPhase.Transferring);
        return isBegun;
    }

    /// <summary>Looks at what came in the place of what was taken out. To be called before the image is published.</summary>
    /// <exception cref="DownloadException">The volume cannot be read.</exception>
    public async Task CompareAsync()
    {
        if (!_trial.IsPending || download.Record.ImageSize is not { } size) return;
        await WithStoredAsync((stored, _) =>
        {
            _trial.Compare(stored, size);
            return true;
        });
    }

    /// <summary>The checksum is right now: names those whose bytes were wrong.</summary>
    public void Conclude() => _trial.Conclude();

    /// <summary>The failure of a checksum that is still wrong, with what was found out.</summary>
    public DownloadException Explain(DownloadException mismatch) =>
        _trial.HasCompared ? new DownloadException(mismatch.Kind, mismatch.Message + _trial.Explain(), mismatch) : mismatch;

    private async Task<T> WithStoredAsync<T>(Func<StoredBytes, IVolume, T> work)
    {
        await using var volume = await DownloadVolume.OpenAsync(download.Image, run.Id, services.Volumes);
        return await BlockingWork.RunAsync(() => work(new StoredBytes(download.Image.LoadHead(), volume, run.Stopping), volume));
    }

    // Whoever has brought a wrong one is not asked again. Where the same ones are wrong after that, the hashes help no further.
    private IReadOnlyList<ImageRange> FindWrongPieces(StoredBytes stored, long size)
    {
        if (download.Record.Pieces is not { } pieces || pieces.Count != pieces.CountFor(size)) return [];
        var wrong = PieceAudit.FindWrong(stored, pieces, size);
        var isNews = wrong.Count > 0 && !wrong.SequenceEqual(_wrongPieces);
        foreach (var piece in wrong)
        {
            if (download.Image.Origins.Find(piece) is not [DownloadSource { IsRejected: false } origin]) continue;
            var reason = $"the piece at byte {piece.Start} is not what the metalink says";
            services.Logger.SourceFailed(download.Record.Volume, origin.Url.ToString(), reason);
            download.Reject(origin, reason);
            isNews = true;
        }

        _wrongPieces = wrong;
        if (isNews) services.Logger.PiecesWrong(download.Record.Volume, wrong.Count, wrong[0].Start);
        return isNews ? wrong : [];
    }
}
