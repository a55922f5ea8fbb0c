using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Transfer;

/// <summary>A limit of bytes per second that transfers share evenly. It can be changed while they run.</summary>
/// <remarks>
/// A debt account: a transfer reads a little, and waits until that is paid for at the limit's rate, behind all who read before it.
/// What is read together before anything is paid is a tenth of a second's worth, and a tenth of a second may be made up for after
/// a delay; so no second sees more than 1.2 seconds' worth.
/// </remarks>
/// <param name="bytesPerSecond">The limit, or 0 for none.</param>
/// <param name="time">The clock.</param>
public sealed class RateLimit(long bytesPerSecond, TimeProvider time)
{
    private const int StridesPerSecond = 10;

    private readonly Lock _gate = new();
    private readonly long _stride = time.TimestampFrequency / StridesPerSecond;
    private long _bytesPerSecond = bytesPerSecond;
    private long _paidUntil = time.GetTimestamp();
    private int _sharers;
    private long _lastWait = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>The limit, or 0 for none. A change holds from the next read on.</summary>
    public long BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set => Volatile.Write(ref _bytesPerSecond, value);
    }

    /// <summary>Whether it has made somebody wait within the last second.</summary>
    internal bool IsBinding => BytesPerSecond > 0 && time.GetElapsedTime(Volatile.Read(ref _lastWait)) < TimeSpan.FromSeconds(1);

    /// <summary>Refuses what is no limit.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.FieldInvalid"/>.</exception>
    public static void Check(long bytesPerSecond)
    {
        if (bytesPerSecond >= 0) return;
        throw new DownloadException(
            DownloadErrorKind.FieldInvalid, "the field 'limit_rate' must be a number of bytes per second, or 0 for no limit");
    }

    /// <summary>Takes part, until the share is disposed.</summary>
    internal RateShare Join()
    {
        Interlocked.Increment(ref _sharers);
        return new RateShare(this);
    }

    internal void Leave() => Interlocked.Decrement(ref _sharers);

    // How much one of the sharers may read at once, at a rate above 0.
    internal long StrideOf(long rate) => Math.Max(1, rate / StridesPerSecond / Math.Max(1, Volatile.Read(ref _sharers)));

    // How long to wait after so many bytes were read, at a rate above 0.
    internal TimeSpan Pay(int bytes, long rate)
    {
        var cost = (long)((double)bytes / rate * time.TimestampFrequency);
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _paidUntil = Math.Max(_paidUntil, now - _stride) + cost;
            if (_paidUntil > now) _lastWait = now;
            return time.GetElapsedTime(now, _paidUntil);
        }
    }
}
