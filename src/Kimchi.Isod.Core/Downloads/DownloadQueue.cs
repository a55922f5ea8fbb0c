namespace Kimchi.Isod.Core.Downloads;

/// <summary>Downloads that wait for something, first in, first out. Each has one place at most. Not thread safe.</summary>
internal sealed class DownloadQueue
{
    private readonly LinkedList<Download> _order = [];
    private readonly Dictionary<Download, LinkedListNode<Download>> _places = [];

    /// <summary>How many wait.</summary>
    public int Count => _order.Count;

    /// <summary>Those that wait, the first one first.</summary>
    public IEnumerable<Download> All => _order;

    /// <summary>Takes the last place. Harmless for a download that has a place: it keeps that one.</summary>
    /// <returns>Whether it had none.</returns>
    public bool Add(Download download)
    {
        if (_places.ContainsKey(download)) return false;
        _places[download] = _order.AddLast(download);
        return true;
    }

    /// <summary>Takes the first download out of the queue, which must not be empty.</summary>
    public Download TakeFirst()
    {
        var first = (_order.First ?? throw new InvalidOperationException("nothing waits")).Value;
        Remove(first);
        return first;
    }

    /// <summary>Takes all out of the queue, in their order.</summary>
    public Download[] TakeAll()
    {
        Download[] all = [.. _order];
        _order.Clear();
        _places.Clear();
        return all;
    }

    /// <summary>Gives up a download's place, if it has one.</summary>
    public void Remove(Download download)
    {
        if (_places.Remove(download, out var place)) _order.Remove(place);
    }
}
