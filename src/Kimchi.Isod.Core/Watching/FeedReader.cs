using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Watching;

/// <summary>Hears of the downloads that have changed or were forgotten since it last asked, of each of them once.</summary>
public sealed class FeedReader : IDisposable
{
    private readonly DownloadFeed _feed;
    private readonly Lock _gate = new();
    private readonly DownloadQueue _changed = new();
    private readonly List<ForgottenDownload> _forgotten = [];
    private readonly SemaphoreSlim _news = new(0, 1);

    internal FeedReader(DownloadFeed feed) => _feed = feed;

    /// <summary>Waits for news.</summary>
    /// <param name="patience">How long.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>All news; nothing when the time has passed.</returns>
    public async Task<FeedNews> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await _news.WaitAsync(patience, cancellationToken);
        lock (_gate)
        {
            var news = new FeedNews([.. _forgotten], _changed.TakeAll());
            _forgotten.Clear();
            return news;
        }
    }

    /// <summary>Listens no more.</summary>
    public void Dispose()
    {
        _feed.Close(this);
        _news.Dispose();
    }

    internal void Add(Download download)
    {
        lock (_gate)
        {
            if (_changed.Add(download) && _news.CurrentCount == 0) _news.Release();
        }
    }

    internal void AddForgotten(ForgottenDownload download)
    {
        lock (_gate)
        {
            _forgotten.Add(download);
            if (_news.CurrentCount == 0) _news.Release();
        }
    }
}
