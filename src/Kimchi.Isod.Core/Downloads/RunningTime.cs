namespace Kimchi.Isod.Core.Downloads;

/// <summary>The time since a download first ran, by the monotonic clock, which setting the system's clock does not change.</summary>
/// <remarks>What passed before this process is told by the system's clock alone; where that has been set back, nothing is counted.</remarks>
internal sealed class RunningTime
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _before;
    private long? _started;

    /// <summary>A clock that runs for a download that an earlier process has begun, and waits for <see cref="Start"/> else.</summary>
    /// <param name="time">The clocks.</param>
    /// <param name="startedAt">When an earlier process began the download; null when none has.</param>
    public RunningTime(TimeProvider time, DateTimeOffset? startedAt)
    {
        _time = time;
        if (startedAt is not { } begun) return;
        _started = time.GetTimestamp();
        _before = time.GetUtcNow() - begun is var passed && passed > TimeSpan.Zero ? passed : TimeSpan.Zero;
    }

    /// <summary>The time so far; never negative.</summary>
    public TimeSpan Elapsed => _started is { } started ? _before + _time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Starts it. Harmless when it runs.</summary>
    public void Start() => _started ??= _time.GetTimestamp();
}
