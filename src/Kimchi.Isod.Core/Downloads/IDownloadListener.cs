namespace Kimchi.Isod.Core.Downloads;

/// <summary>Is told of every change of a live download.</summary>
public interface IDownloadListener
{
    /// <summary>A download has changed. Must be quick: a lock is held.</summary>
    void Changed(Download download);
}
