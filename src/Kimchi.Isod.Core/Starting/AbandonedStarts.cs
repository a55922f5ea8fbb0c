using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Storing;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Drops starts that were not accepted, with the volume where it is provably theirs: they failed, or the end of the daemon or of
/// libvirt cut them off.</summary>
/// <remarks>The record outlives its volume: if the daemon ends first, its next start finds what is left.</remarks>
internal sealed class AbandonedStarts(DownloadRegistry registry, DownloadServices services)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Drops a start now, or later where that fails.</summary>
    /// <param name="start">The start.</param>
    /// <param name="reservation">Its name. Nobody else gets it before the record is gone.</param>
    public async Task DropAsync(Download start, NameReservation reservation)
    {
        if (await TryDropAsync(start, LogLevel.Debug)) return;
        DropLater(start, reservation);
    }

    /// <summary>Drops a start as soon as libvirt can be reached.</summary>
    /// <inheritdoc cref="DropAsync"/>
    public void DropLater(Download start, NameReservation reservation) =>
        _ = RetryAsync(start, registry.TakeOver(reservation), CancellationToken.None);

    /// <summary>Drops a start of the daemon's earlier run.</summary>
    /// <param name="start">The start.</param>
    /// <param name="reservation">Its name; released in the end.</param>
    /// <param name="stop">Ends the wait for libvirt.</param>
    public async Task RetryAsync(Download start, NameReservation reservation, CancellationToken stop)
    {
        using var name = reservation;
        for (var level = LogLevel.Warning; !stop.IsCancellationRequested; level = LogLevel.Debug)
        {
            if (await TryDropAsync(start, level)) return;
            await Task.Delay(RetryDelay, services.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryDropAsync(Download start, LogLevel level)
    {
        try
        {
            await DownloadVolume.DeleteAsync(start.Record, services.Volumes);
            start.Abandon();
            return true;
        }
        catch (DownloadException e)
        {
            services.Logger.StartNotDropped(level, e, start.Record.Volume, e.Message);
            return false;
        }
    }
}
