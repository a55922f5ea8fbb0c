namespace Kimchi.Isod.Core.State;

/// <summary>A live download's record, in memory and on disk, which changes under one lock.</summary>
/// <remarks>Every change is on disk before anyone can see it, but for <see cref="Note"/> and <see cref="Show"/>.</remarks>
/// <param name="record">The record, which the store has already.</param>
/// <param name="store">The store.</param>
internal sealed class LiveRecord(DownloadRecord record, IDownloadStore store)
{
    private DownloadRecord _current = record;

    /// <summary>Raised, under the lock, when the record has changed, but for what is stored of the image.</summary>
    public event EventHandler? Changed;

    /// <summary>The lock. It can be taken again by the thread that has it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The record as it is on disk, or as it will be when the store can be written again.</summary>
    public DownloadRecord Current => Volatile.Read(ref _current);

    /// <summary>The store.</summary>
    public IDownloadStore Store => store;

    /// <summary>Whether the record in memory has values that the store could not take.</summary>
    public bool IsAhead { get; private set; }

    /// <summary>Changes values of the record.</summary>
    /// <returns>The record with the new values.</returns>
    public DownloadRecord Change(Func<DownloadRecord, DownloadRecord> change) => Change(change, store.Update);

    /// <summary>Changes values of the record, with what belongs to it in the store.</summary>
    /// <param name="change">Gives the new record.</param>
    /// <param name="save">Puts it on disk.</param>
    /// <returns>The record with the new values.</returns>
    public DownloadRecord Change(Func<DownloadRecord, DownloadRecord> change, Action<DownloadRecord> save)
    {
        lock (Gate)
        {
            var changed = change(_current);
            save(changed);
            IsAhead = false;
            Show(changed);
            return changed;
        }
    }

    /// <summary>Changes values that hold also when the store cannot take them now; it gets them with the next change.</summary>
    public void Note(Func<DownloadRecord, DownloadRecord> change)
    {
        lock (Gate)
        {
            _current = change(_current);
            IsAhead = true;
            Change(r => r);
        }
    }

    /// <summary>Changes what is stored of the image, which is no news by itself: progress is asked for.</summary>
    /// <param name="change">Gives what is stored from now on.</param>
    /// <param name="save">Puts it on disk.</param>
    public void ChangeStored(Func<StoredRanges, StoredRanges> change, Action<DownloadRecord> save)
    {
        lock (Gate)
        {
            var changed = _current with { Stored = change(_current.Stored) };
            save(changed);
            _current = changed;
        }
    }

    /// <summary>Changes the record in memory only.</summary>
    public void Show(DownloadRecord changed)
    {
        lock (Gate)
        {
            _current = changed;
            RaiseChanged();
        }
    }

    /// <summary>Tells that something has changed that is not in the record.</summary>
    public void RaiseChanged() => Changed?.Invoke(this, EventArgs.Empty);
}
