using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Transfer;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>One of a download's sources.</summary>
/// <param name="url">Where it is.</param>
/// <param name="known">What is known of it.</param>
/// <param name="time">The clock.</param>
internal sealed class DownloadSource(RemoteUrl url, SourceOutcome known, TimeProvider time)
{
    private readonly SpeedMeter _speed = new(time);
    private long _bytes = known.Bytes;
    private int _connections;
    private volatile string? _error = known.Error;
    private volatile bool _isSuspended;
    private volatile SourceStanding _standing = known.Standing;

    /// <summary>Where it is.</summary>
    public RemoteUrl Url => url;

    /// <summary>How many connections it is to have at most.</summary>
    public int MostConnections { get; init; } = int.MaxValue;

    /// <summary>Whether it may still be asked.</summary>
    public bool IsUsable => _standing is SourceStanding.Good && !IsSuspended;

    /// <summary>Whether it is not asked for the time being, though nothing is held against it.</summary>
    public bool IsSuspended => _isSuspended;

    /// <summary>Whether it has sent wrong bytes.</summary>
    public bool IsRejected => _standing is SourceStanding.Rejected;

    /// <summary>How many connections there are to it.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What is known of it.</summary>
    public SourceOutcome Outcome => new(Interlocked.Read(ref _bytes), _standing, _error);

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
        if (_error is not null && IsUsable) _error = null;
    }

    /// <summary>It was left, and may be asked again.</summary>
    public void Leave(string reason)
    {
        if (IsUsable) _error = reason;
    }

    /// <summary>It is not to be asked before <see cref="Readmit"/>.</summary>
    public void Suspend() => _isSuspended = true;

    /// <summary>It may be asked again, as far as <see cref="Suspend"/> goes.</summary>
    public void Readmit() => _isSuspended = false;

    /// <summary>It is not to be asked again in this run.</summary>
    public void Fail(string reason) => Leave(reason, SourceStanding.Failed);

    /// <summary>It has sent wrong bytes: it is not to be asked again for this download.</summary>
    public void Reject(string reason) => Leave(reason, SourceStanding.Rejected);

    /// <summary>It may be asked again: the user resumes or retries the download. What it failed of last is still shown.</summary>
    /// <param name="evenIfRejected">Whether also one that has sent wrong bytes may: there is no other.</param>
    public void Forgive(bool evenIfRejected = false)
    {
        Readmit();
        if (evenIfRejected || !IsRejected) _standing = SourceStanding.Good;
    }

    /// <summary>What it does now.</summary>
    public SourceActivity Look() => new(
        url.ToString(), Interlocked.Read(ref _bytes), _speed.BytesPerSecond,
        _standing is not SourceStanding.Good ? SourceStatus.Failed : Connections > 0 ? SourceStatus.Active : SourceStatus.Standby, _error);

    private void Leave(string reason, SourceStanding standing)
    {
        if (IsRejected) return;
        (_error, _standing) = (reason, standing);
    }
}
