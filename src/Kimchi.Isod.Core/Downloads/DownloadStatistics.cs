using System.Collections.Concurrent;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What has happened to downloads since the daemon started.</summary>
public sealed class DownloadStatistics
{
    private readonly ConcurrentDictionary<DownloadErrorKind, long> _failures = [];
    private readonly long[] _durations = new long[DurationBounds.Count + 1];
    private long _receivedBytes;
    private long _retries;
    private long _canceled;
    private long _durationMilliseconds;

    /// <summary>The upper bounds in seconds of what <see cref="Durations"/> counts.</summary>
    public static IReadOnlyList<int> DurationBounds { get; } = [1, 10, 60, 300, 1800, 7200, 43_200];

    /// <summary>Bytes that came from servers.</summary>
    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    /// <summary>How often downloads were tried again.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <summary>Downloads that were cancelled.</summary>
    public long Canceled => Interlocked.Read(ref _canceled);

    /// <summary>Downloads that failed, by what failed them.</summary>
    public IReadOnlyDictionary<DownloadErrorKind, long> Failures => _failures;

    /// <summary>Completed downloads by the seconds from their start, up to each bound; the last ones are those beyond.</summary>
    public IReadOnlyList<long> Durations => [.. _durations.Select((_, i) => Interlocked.Read(ref _durations[i]))];

    /// <summary>The seconds of all completed downloads together.</summary>
    public double DurationSum => Interlocked.Read(ref _durationMilliseconds) / 1000.0;

    internal void Received(int bytes) => Interlocked.Add(ref _receivedBytes, bytes);

    internal void TriedAgain() => Interlocked.Increment(ref _retries);

    internal void WasCanceled() => Interlocked.Increment(ref _canceled);

    internal void Failed(DownloadErrorKind kind) => _failures.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    internal void Completed(TimeSpan duration)
    {
        var bucket = 0;
        while (bucket < DurationBounds.Count && duration.TotalSeconds > DurationBounds[bucket]) bucket++;
        Interlocked.Increment(ref _durations[bucket]);
        Interlocked.Add(ref _durationMilliseconds, (long)duration.TotalMilliseconds);
    }
}
