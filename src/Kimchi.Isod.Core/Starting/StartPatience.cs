using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Starting;

/// <summary>How long a start waits for what it must read before it can answer. Each read has a limit, but what comes byte by byte would keep
/// the start, and its place, for ever.</summary>
internal static class StartPatience
{
    /// <summary>Waits for it.</summary>
    /// <param name="services">The limit and the clock.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">It did not come in time (<see cref="DownloadErrorKind.RemoteUnreadable"/>).</exception>
    public static async Task<T> WaitAsync<T>(
        DownloadServices services, string what, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(services.Options.ChecksumTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await read(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(
                DownloadErrorKind.RemoteUnreadable,
                $"{what} did not come within {services.Options.ChecksumTimeout.TotalSeconds} s (downloads:checksum_timeout)", e);
        }
    }
}
