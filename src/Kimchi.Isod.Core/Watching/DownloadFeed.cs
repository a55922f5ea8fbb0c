using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Watching;

/// <summary>Tells readers which downloads have changed and which were forgotten. It keeps no changes, only that there were some: a slow
/// reader costs nothing.</summary>
public sealed class DownloadFeed : IDownloadListener
{
    private readonly Lock _gate = new();
    private readonly List<FeedReader> _readers = [];

    /// <summary>Begins to listen, until the reader is disposed.</summary>
    public FeedReader Open()
    {
        var reader = new FeedReader(this);
        lock (_gate) _readers.Add(reader);
        return reader;
    }

    /// <summary>Tells that records were dropped.</summary>
    public void TellForgotten(IEnumerable<ForgottenDownload> downloads)
    {
        lock (_gate)
        {
            foreach (var forgotten in downloads) _readers.ForEach(reader => reader.AddForgotten(forgotten));
        }
    }

    /// <inheritdoc/>
    public void Changed(Download download)
    {
        lock (_gate)
        {
            foreach (var reader in _readers) reader.Add(download);
        }
    }

    internal void Close(FeedReader reader)
    {
        lock (_gate) _readers.Remove(reader);
    }
}
