using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Downloads;

/// <summary>When to try again: exponential backoff with jitter, counted anew whenever there was progress.</summary>
internal sealed class RetrySchedule(DownloadOptions options)
{
    private int _failures;

    /// <summary>How long to wait after a failure, or null when it was the last one allowed.</summary>
    /// <param name="failure">The failure; its own wish for a delay is honoured.</param>
    /// <param name="hasProgressed">Whether any byte was stored since the last failure.</param>
    public TimeSpan? NextDelay(DownloadException failure, bool hasProgressed)
    {
        _failures = hasProgressed ? 1 : _failures + 1;
        if (_failures > options.Retries) return null;
        var backoff = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_failures - 1, 20))) * (0.5 + (Random.Shared.NextDouble() / 2));
        var delay = failure.RetryAfter > backoff ? failure.RetryAfter.Value : backoff;
        return delay < options.RetryMaxDelay ? delay : options.RetryMaxDelay;
    }
}
