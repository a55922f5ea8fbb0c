using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>A live download: its record, its image, and the one way in which its state changes.</summary>
public sealed partial class Download
{
    private readonly LiveRecord _live;
    private readonly DownloadStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly RunningTime _clock;
    private int _source;
    private int _versionSource;
    private RunControl? _run;
    private Task? _cancellation;
    private (RunPhase Phase, DownloadFailure? Trouble) _activity;

    /// <summary>Takes over a record that the store already has.</summary>
    public Download(DownloadRecord record, IDownloadStore store, DownloadStatistics statistics, TimeProvider time)
    {
        _live = new LiveRecord(record, store);
        _statistics = statistics;
        _time = time;
        _clock = new RunningTime(time, record.StartedAt);
        Image = new StoredImage(_live);
        Limit = new RateLimit(record.LimitRate, time);
        Speed = new SpeedMeter(time);
        Sources =
        [
            .. record.Mirrors.Select(mirror => (mirror.Url, mirror.MostConnections)).Prepend((record.Url, record.UrlConnections))
                .Select((place, i) => new DownloadSource(place.Url, record.Outcomes.ElementAtOrDefault(i) ?? SourceOutcome.None, time)
                {
                    MostConnections = place.Item2 ?? int.MaxValue,
                }),
        ];
        _versionSource = Math.Max(0, record.Outcomes.ToList().FindIndex(outcome => outcome.IsOfVersion));
        _live.Changed += (_, _) => Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Raised when the record has changed, but for what is stored, or when the run does something else. Handlers must be quick: a
    /// lock is held.</summary>
    public event EventHandler? Changed;

    /// <summary>The record as it is on disk, or as it will be when the store can be written again.</summary>
    public DownloadRecord Record => _live.Current;

    /// <summary>Whether its record was dropped: it is not shown any more.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>Bytes of the pool that are promised to it but not taken yet.</summary>
    public long OutstandingBytes => Image.OutstandingBytes;

    /// <summary>What is stored of its image.</summary>
    internal StoredImage Image { get; }

    /// <summary>The limit of its own.</summary>
    internal RateLimit Limit { get; }

    /// <summary>How fast bytes come.</summary>
    internal SpeedMeter Speed { get; }

    /// <summary>How many connections it has; 0 while it does not transfer.</summary>
    internal int Connections { get; set; }

    /// <summary>Where its file is: at its address, and at its mirrors.</summary>
    internal List<DownloadSource> Sources { get; }

    /// <summary>Where it is fetched from at present. Others are asked besides where a checksum judges what they make together.</summary>
    internal DownloadSource Source
    {
        get
        {
            if (!Sources[_source].IsUsable && Sources.FirstOrDefault(source => source.IsUsable) is { } other) Source = other;
            return Sources[_source];
        }

        set => _source = Sources.IndexOf(value);
    }

    /// <summary>Whether the version in the record is what <see cref="Source"/> said.</summary>
    internal bool IsVersionOfSource => _source == _versionSource;

    private Lock Gate => _live.Gate;

    /// <summary>How many connections it may have.</summary>
    internal int MostConnections(DownloadOptions options) => Record.Connections ?? options.Connections;

    /// <summary>Notes that the version in the record is what <see cref="Source"/> said.</summary>
    internal void NoteVersionOfSource()
    {
        if (IsVersionOfSource) return;
        _versionSource = _source;
        NoteOutcomes();
    }

    /// <summary>Goes to the next source that can be asked; false where there is no other.</summary>
    internal bool TryNextSource()
    {
        if (FindNext() is null) Sources.ForEach(source => source.Readmit());
        if (FindNext() is not { } next) return false;
        Source = next;
        return true;
    }

    /// <summary>Notes that a source has sent wrong bytes, so that it is not asked again, by a later run neither.</summary>
    internal void Reject(DownloadSource source, string reason)
    {
        source.Reject(reason);
        NoteOutcomes();
    }

    /// <summary>The credentials for a source: the download's for its own address, those of its address for a mirror.</summary>
    internal Credentials? CredentialsFor(DownloadSource source) => source == Sources[0] ? Record.Credentials : source.Url.Credentials;

    /// <summary>The download as it is now.</summary>
    public DownloadSnapshot TakeSnapshot()
    {
        lock (Gate)
        {
            var (phase, trouble) = Record.State is DownloadState.Running ? _activity : default;
            return new DownloadSnapshot(Record, phase, Speed.BytesPerSecond, trouble)
            {
                Connections = Connections,
                Sources = [.. Sources.Select(source => source.Look())],
            };
        }
    }

    /// <inheritdoc cref="LiveRecord.Change(Func{DownloadRecord, DownloadRecord})"/>
    internal DownloadRecord Change(Func<DownloadRecord, DownloadRecord> change) => _live.Change(change);

    /// <inheritdoc cref="LiveRecord.Note"/>
    internal void Note(Func<DownloadRecord, DownloadRecord> change) => _live.Note(change);

    // The one place where a state changes: checked, stored, told and counted. The caller holds the lock.
    private void MoveTo(DownloadState next, Func<DownloadRecord, DownloadRecord>? change = null, Action<DownloadRecord>? save = null)
    {
        System.Diagnostics.Debug.Assert(Gate.IsHeldByCurrentThread, "a state changes under the lock only");
        var last = Record.State;
        if (!DownloadTransitions.IsAllowed(last, next)) throw new InvalidOperationException($"a download cannot go from {last} to {next}");
        _live.Change(record => Moved(record, next, change), save ?? _live.Store.Update);
        Count(last, next);
    }

    private DownloadRecord Moved(DownloadRecord record, DownloadState next, Func<DownloadRecord, DownloadRecord>? change)
    {
        var isEnd = next is DownloadState.Completed or DownloadState.Canceled or DownloadState.Failed;
        var moved = record with { State = next, FinishedAt = isEnd ? _time.GetUtcNow() : null };
        moved = WithOutcomes(change is null ? moved : change(moved));
        return next.IsLive() ? moved : moved with { Credentials = null, Headers = null };
    }

    private void NoteOutcomes()
    {
        try
        {
            Note(WithOutcomes);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.StoreFailed)
        {
            // The next change of the record takes it along.
        }
    }

    private DownloadSource? FindNext() =>
        Enumerable.Range(1, Sources.Count - 1).Select(step => Sources[(_source + step) % Sources.Count]).FirstOrDefault(source => source.IsUsable);

    private DownloadRecord WithOutcomes(DownloadRecord record) => record with
    {
        Outcomes = [.. Sources.Select((source, i) => source.Outcome with { IsOfVersion = i > 0 && i == _versionSource })],
    };

    private void Count(DownloadState last, DownloadState next)
    {
        if (next is DownloadState.Completed) _statistics.Completed(_clock.Elapsed);
        else if (next is DownloadState.Failed) _statistics.Failed(Record.Failure!.Kind);
        else if ((last, next) is (DownloadState.Canceling, DownloadState.Canceled)) _statistics.WasCanceled();
    }
}
