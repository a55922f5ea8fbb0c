using System.Diagnostics.CodeAnalysis;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>A live download: its record, the one way its state changes, and the commands on it.</summary>
/// <remarks>Every change is on disk before anyone can see it, but for the end of a run and the note of a try, where the store cannot take
/// them.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The digest's memory is let go with the download, which nobody owns alone.")]
public sealed partial class Download
{
    private readonly Lock _gate = new();
    private readonly IDownloadStore _store;
    private readonly TimeProvider _time;
    private DownloadRecord _record;
    private DownloadRun? _run;
    private readonly RunningTime _clock;
    private Task? _cancellation;
    private long _room;
    private (RunPhase Phase, DownloadFailure? Trouble) _doing;

    /// <summary>Takes over a record that the store already has.</summary>
    public Download(DownloadRecord record, IDownloadStore store, TimeProvider time)
    {
        _record = record;
        _store = store;
        _time = time;
        _room = record.Position;
        _clock = new RunningTime(time, record.StartedAt);
        Limit = new RateLimit(record.LimitRate, time);
        Speed = new SpeedMeter(time);
        if (record.Checksum is { } checksum) Digest = new ImageDigest(checksum.Algorithm);
    }

    /// <summary>The digest of what is stored, as far as this process has seen it; null where there is no checksum to compare with.</summary>
    internal ImageDigest? Digest { get; }

    /// <summary>The limit of its own.</summary>
    internal RateLimit Limit { get; }

    /// <summary>The record as it is on disk, or as it will be when the store can be written again.</summary>
    public DownloadRecord Record => Volatile.Read(ref _record);

    /// <summary>Whether its record was dropped: it has no place in what is shown any more.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Raised when the record has changed, but for the position, or what the run is about. Handlers must be quick: a lock is
    /// held.</summary>
    public event EventHandler? Changed;

    /// <summary>How fast bytes come.</summary>
    internal SpeedMeter Speed { get; }

    /// <summary>Bytes of the pool that are promised to it but not taken yet.</summary>
    public long OutstandingBytes
    {
        get
        {
            var record = Record;
            return record.Allocation switch
            {
                VolumeAllocation.Sparse => record.Size.GetValueOrDefault() - record.Position,
                VolumeAllocation.Growing => Math.Max(0, Volatile.Read(ref _room) - record.Position),
                _ => 0,
            };
        }
    }

    /// <summary>The download as it is now.</summary>
    public DownloadSnapshot Look()
    {
        lock (_gate)
        {
            var (phase, trouble) = _record.State is DownloadState.Running ? _doing : default;
            return new DownloadSnapshot(_record, phase, Speed.BytesPerSecond, trouble);
        }
    }

    // The one place where a state changes. The caller holds the lock.
    private void MoveTo(DownloadState next, Func<DownloadRecord, DownloadRecord>? change = null)
    {
        System.Diagnostics.Debug.Assert(_gate.IsHeldByCurrentThread, "a state changes under the lock only");
        if (!DownloadTransitions.IsAllowed(_record.State, next))
            throw new InvalidOperationException($"a download cannot go from {_record.State} to {next}");
        var isEnd = next is DownloadState.Completed or DownloadState.Canceled or DownloadState.Failed;
        var moved = _record with { State = next, FinishedAt = isEnd ? _time.GetUtcNow() : null };
        moved = change is null ? moved : change(moved);
        if (!next.IsLive()) moved = moved with { Credentials = null };
        Store(moved);
    }

    // The caller holds the lock.
    private void Store(DownloadRecord record)
    {
        _store.Update(record);
        _isAhead = false;
        Show(record);
    }

    // The caller holds the lock.
    private void Show(DownloadRecord record)
    {
        _record = record;
        Changed?.Invoke(this, EventArgs.Empty);
    }
}
