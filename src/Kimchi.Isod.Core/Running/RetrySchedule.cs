using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;

namespace Kimchi.Isod.Core.Running;

/// <summary>When to try again: exponential backoff with jitter, counted anew whenever there was progress.</summary>
/// <param name="options">How often, and how long to wait at most.</param>
/// <param name="start">The first byte that is missing when the run begins.</param>
internal sealed class RetrySchedule(DownloadOptions options, long start)
{
    // The daemon is as good as down while libvirt is, so it looks often.
    private static readonly TimeSpan LongestWaitForLibvirt = TimeSpan.FromSeconds(10);

    // Bytes that are fetched again, of another version perhaps, are no progress: a server that always drops at one place would
    // be tried for ever.
    private long _furthest = start;
    private int _failures;
    private int _outages;

    /// <summary>How long to wait after a failure, or null when it was the last one allowed. libvirt, and its other clients, are waited for
    /// without end.</summary>
    /// <param name="failure">The failure; the delay that it asks for is honoured.</param>
    /// <param name="position">The first byte that is missing now.</param>
    public TimeSpan? NextDelay(DownloadException failure, long position)
    {
        if (position > _furthest) (_furthest, _failures, _outages) = (position, 0, 0);
        if (failure.Kind is DownloadErrorKind.LibvirtUnreachable or DownloadErrorKind.LibvirtBusy)
            return Shortest(Backoff(++_outages), LongestWaitForLibvirt, options.RetryMaxDelay);
        if (++_failures > options.Retries) return null;
        var backoff = Backoff(_failures);
        return Shortest(failure.RetryAfter > backoff ? failure.RetryAfter.Value : backoff, options.RetryMaxDelay);
    }

    private static TimeSpan Backoff(int failures) =>
        TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures - 1, 20))) * (0.5 + (Random.Shared.NextDouble() / 2));

    private static TimeSpan Shortest(params ReadOnlySpan<TimeSpan> delays)
    {
        var shortest = TimeSpan.MaxValue;
        foreach (var delay in delays) shortest = delay < shortest ? delay : shortest;
        return shortest;
    }
}
