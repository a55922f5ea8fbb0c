using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>What one of a download's sources does at one moment.</summary>
/// <param name="Url">Where it is, with no secret in it.</param>
/// <param name="Bytes">How many bytes it has brought since the download, or the daemon, was started.</param>
/// <param name="BytesPerSecond">How fast bytes come from it.</param>
/// <param name="Status">What it is used for.</param>
/// <param name="Error">Why it is not used any more; null while it may be.</param>
public sealed record SourceActivity(string Url, long Bytes, long BytesPerSecond, SourceStatus Status, string? Error);

/// <summary>Whether a source is used.</summary>
public enum SourceStatus
{
    /// <summary>It may be used when others fail or are slow.</summary>
    Standby = 0,

    /// <summary>Bytes come from it.</summary>
    Active,

    /// <summary>It failed, or sent wrong bytes: it is not asked again in this run.</summary>
    Failed,
}

/// <summary>One of a download's sources while it runs.</summary>
/// <param name="url">Where it is.</param>
/// <param name="time">The clock.</param>
internal sealed class DownloadSource(RemoteUrl url, TimeProvider time)
{
    private readonly SpeedMeter _speed = new(time);
    private long _bytes;
    private int _connections;
    private volatile string? _error;

    /// <summary>Where it is.</summary>
    public RemoteUrl Url => url;

    /// <summary>Whether it may still be asked.</summary>
    public bool IsUsable => _error is null;

    /// <summary>How many connections there are to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>A connection to it begins.</summary>
    public void Connect()
    {
        if (Interlocked.Increment(ref _connections) == 1) _speed.Start();
    }

    /// <summary>A connection to it has ended.</summary>
    public void Disconnect()
    {
        if (Interlocked.Decrement(ref _connections) == 0) _speed.Stop();
    }

    /// <summary>Bytes came from it.</summary>
    public void Count(int bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        _speed.Count(bytes);
    }

    /// <summary>It is not to be asked again.</summary>
    public void Fail(string reason) => _error = reason;

    /// <summary>It may be asked again: the user resumes or retries the download.</summary>
    public void Forgive() => _error = null;

    /// <summary>What it does now.</summary>
    public SourceActivity Look() => new(
        url.ToString(), Interlocked.Read(ref _bytes), _speed.BytesPerSecond,
        _error is not null ? SourceStatus.Failed : Connections > 0 ? SourceStatus.Active : SourceStatus.Standby, _error);
}
