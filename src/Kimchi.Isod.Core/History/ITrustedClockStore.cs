namespace Kimchi.Isod.Core.History;

/// <summary>Keeps the trusted clock from one run of the daemon to the next.</summary>
public interface ITrustedClockStore
{
    /// <summary>The clock as it was kept last, or null.</summary>
    /// <exception cref="Errors.DownloadException">The store failed.</exception>
    TrustedClock? LoadClock();

    /// <summary>Keeps the clock.</summary>
    /// <exception cref="Errors.DownloadException">The store failed; it has what it had.</exception>
    void SaveClock(TrustedClock clock);
}
