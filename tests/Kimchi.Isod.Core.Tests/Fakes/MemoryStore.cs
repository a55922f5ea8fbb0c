using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Tests.Fakes;

/// <summary>A store that lives as long as the test. Fails on demand.</summary>
internal sealed class MemoryStore : IDownloadStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, DownloadRecord> _records = [];
    private readonly Dictionary<long, byte[]> _heads = [];
    private readonly Dictionary<long, SortedDictionary<long, Window>> _windows = [];
    private long _lastId;

    /// <summary>Thrown by the next change, once.</summary>
    public Exception? NextFailure { get; set; }

    /// <summary>The changes that fail as those of a full disk do, as long as it is set. A change of a record alone tells the record.</summary>
    public Func<DownloadRecord?, bool>? Refuses { get; set; }

    public Guid Id { get; } = Guid.NewGuid();

    public DownloadRecord Get(long id)
    {
        lock (_gate) return _records[id];
    }

    public IReadOnlyList<DownloadRecord> LoadLive()
    {
        lock (_gate) return [.. _records.Values.Where(r => r.State.IsLive()).OrderBy(r => r.Id).Select(WithAllThatIsStored)];
    }

    public IReadOnlyList<DownloadRecord> LoadAll(string pool)
    {
        lock (_gate) return [.. _records.Values.Where(r => r.Volume.Pool == pool && r.State is not DownloadState.Preparing).OrderByDescending(r => r.Id)];
    }

    public DownloadRecord? FindNewest(VolumeId volume)
    {
        lock (_gate) return _records.Values.Where(r => r.Volume == volume).MaxBy(r => r.Id);
    }

    public DownloadRecord Add(DownloadRecord download)
    {
        lock (_gate)
        {
            Fail();
            var added = download with { Id = ++_lastId, Token = download.Token is { } token ? token with { DownloadId = _lastId } : null };
            foreach (var cutOff in _records.Values.Where(r => IsCutOffStart(r, download)).ToList()) _records.Remove(cutOff.Id);
            _records[added.Id] = added;
            return added;
        }
    }

    public void Update(DownloadRecord download)
    {
        lock (_gate)
        {
            Fail(download);
            _records[download.Id] = download;
            if (!download.State.IsLive()) Drop(download.Id);
        }
    }

    public void Remove(long id)
    {
        lock (_gate)
        {
            Fail();
            _records.Remove(id);
            Drop(id);
        }
    }

    public IReadOnlyList<ForgottenDownload> RemoveEnded(VolumeId volume)
    {
        lock (_gate)
        {
            Fail();
            var ended = _records.Values.Where(r => r.Volume == volume && !r.State.IsLive()).ToList();
            foreach (var record in ended) _records.Remove(record.Id);
            return [.. ended.Select(r => new ForgottenDownload(r.Id, r.Volume))];
        }
    }

    public void Restart(DownloadRecord download)
    {
        lock (_gate)
        {
            Fail();
            _records[download.Id] = download;
            Drop(download.Id);
        }
    }

    public void SaveHead(long id, ReadOnlySpan<byte> head, long position)
    {
        lock (_gate)
        {
            Fail();
            _heads[id] = head.ToArray();
            MoveTo(id, position);
        }
    }

    public byte[]? LoadHead(long id)
    {
        lock (_gate) return _heads.GetValueOrDefault(id);
    }

    public void AddWindow(long id, Window window, long position)
    {
        lock (_gate)
        {
            Fail();
            if (!_windows.TryGetValue(id, out var windows)) windows = _windows[id] = [];
            windows.Add(window.Start, window);
            MoveTo(id, position);
        }
    }

    public IReadOnlyList<Window> LoadWindows(long id)
    {
        lock (_gate) return _windows.TryGetValue(id, out var windows) ? [.. windows.Values] : [];
    }

    public void DropWindows(long id, IReadOnlyList<Window> windows, long position)
    {
        lock (_gate)
        {
            Fail();
            foreach (var window in windows) _windows[id].Remove(window.Start);
            MoveTo(id, position);
        }
    }

    public IReadOnlyList<ForgottenDownload> DropHistory(DateTimeOffset time) => throw new NotSupportedException();

    private DownloadRecord WithAllThatIsStored(DownloadRecord r) =>
        r with { Stored = StoredRanges.Of(LoadHead(r.Id)?.Length ?? 0, LoadWindows(r.Id)) };

    private static bool IsCutOffStart(DownloadRecord record, DownloadRecord added) =>
        record.State is DownloadState.Preparing && record.Volume == added.Volume;

    private void MoveTo(long id, long position) => _records[id] = _records[id] with { Stored = StoredRanges.UpTo(position) };

    private void Drop(long id)
    {
        _heads.Remove(id);
        _windows.Remove(id);
    }

    private void Fail(DownloadRecord? changed = null)
    {
        if (Refuses?.Invoke(changed) is true) throw DownloadException.Transient(DownloadErrorKind.StoreFailed, "disk full");
        if (NextFailure is not { } failure) return;
        NextFailure = null;
        throw failure;
    }
}
