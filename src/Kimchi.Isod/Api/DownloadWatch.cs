using Kimchi.Isod.Contracts;
using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Watching;

namespace Kimchi.Isod.Api;

/// <summary>Turns what downloads do into the events of one client: changes at once, progress once a second.</summary>
internal sealed class DownloadWatch(
    DownloadRegistry registry, DownloadFeed feed, DownloadCatalog catalog, EventStream stream, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(1);

    private readonly FeedReader _feed = feed.Open();
    private readonly Dictionary<long, (long Size, long Speed)> _told = [];
    private long _lastProgress = time.GetTimestamp();

    /// <summary>The first event.</summary>
    public void AddSnapshot()
    {
        var live = catalog.ListLive();
        foreach (var snapshot in live) Note(snapshot);
        stream.Add(EventNames.Snapshot, DownloadView.Describe(live), ApiJson.Wire.DownloadList);
    }

    /// <summary>Waits for something to tell.</summary>
    /// <returns>Whether there was something, within the patience.</returns>
    public async Task<bool> AddNextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var isRunning = registry.All().Any(d => d.Record.State is DownloadState.Running);
        var wait = isRunning ? Least(patience, ProgressInterval - time.GetElapsedTime(_lastProgress)) : patience;
        var news = await _feed.NextAsync(wait, cancellationToken);
        foreach (var forgotten in news.Forgotten) AddForgotten(forgotten);
        foreach (var download in news.Changed) AddUnlessForgotten(download);
        return AddProgress() || !news.IsEmpty;
    }

    public void Dispose() => _feed.Dispose();

    private bool AddProgress()
    {
        if (time.GetElapsedTime(_lastProgress) < ProgressInterval) return false;
        _lastProgress = time.GetTimestamp();
        var moved = registry.All().Select(d => d.TakeSnapshot()).Where(HasMoved).ToList();
        moved.ForEach(Add);
        return moved.Count > 0;
    }

    private bool HasMoved(DownloadSnapshot snapshot) =>
        snapshot.Record.State is DownloadState.Running
        && _told.GetValueOrDefault(snapshot.Record.Id) != (snapshot.Record.StoredBytes, snapshot.BytesPerSecond);

    private void AddForgotten(Core.State.ForgottenDownload forgotten)
    {
        _told.Remove(forgotten.Id);
        stream.Add(EventNames.Forgotten, DownloadView.Describe(forgotten), ApiJson.Wire.ForgottenDownload);
    }

    // Its last change may be heard of when it is no more; that it was forgotten has been told then, or will be.
    private void AddUnlessForgotten(Core.Downloads.Download download)
    {
        var snapshot = download.TakeSnapshot();
        if (!download.IsForgotten) Add(snapshot);
    }

    private void Add(DownloadSnapshot snapshot)
    {
        Note(snapshot);
        stream.Add(EventNames.Download, DownloadView.Describe(snapshot), ApiJson.Wire.Download);
    }

    private void Note(DownloadSnapshot snapshot)
    {
        if (snapshot.Record.State.IsLive()) _told[snapshot.Record.Id] = (snapshot.Record.StoredBytes, snapshot.BytesPerSecond);
        else _told.Remove(snapshot.Record.Id);
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other)
    {
        var least = one < other ? one : other;
        return least > TimeSpan.Zero ? least : TimeSpan.Zero;
    }
}
