using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Ownership;
using Kimchi.Isod.Core.Running;
using Kimchi.Isod.Core.Starting;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Storing;
using Kimchi.Isod.Core.Transfer;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Commands;

/// <summary>What a start has found or begun that keeps what is there.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="IsKept">Whether it was there already, or is being filled already: nothing was begun.</param>
/// <param name="Download">The download that fills it or has filled it; null where no record tells of one.</param>
public sealed record KeptDownload(VolumeId Volume, bool IsKept, DownloadSnapshot? Download);

/// <summary>Starts a download unless its image is there already, or on its way. Asked twice, it does no more than asked once.</summary>
public sealed class KeepingStart(DownloadRegistry registry, DownloadScheduler scheduler, DownloadStarter starter, DownloadServices services)
{
    private const int MostTries = 5;

    // Whoever has the name is a start, and those do not last longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PresentVolume _present = new(services.Volumes);

    /// <summary>Starts the download, or finds what makes that needless. A download that has failed goes on.</summary>
    /// <exception cref="DownloadException">What has the name is not what is asked for (<see cref="DownloadErrorKind.NameInUse"/>), or why the
    /// start cannot be.</exception>
    public async Task<KeptDownload> RunAsync(StartRequest request, CancellationToken cancellationToken)
    {
        var wanted = await starter.IdentifyAsync(request, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            if (await FindAsync(wanted, cancellationToken) is { } found) return found;
            try
            {
                var record = await starter.StartAsync(wanted.Request, cancellationToken);
                return new KeptDownload(wanted.Volume, IsKept: false, registry.Find(wanted.Volume)?.TakeSnapshot() ?? new DownloadSnapshot(record));
            }
            catch (DownloadException e) when (e.Kind is DownloadErrorKind.NameInUse && attempt < MostTries)
            {
                // Somebody else has taken it since we looked: perhaps for the same.
            }
        }
    }

    private async Task<KeptDownload?> FindAsync(WantedImage wanted, CancellationToken cancellationToken)
    {
        await WaitForStartAsync(wanted.Volume, cancellationToken);
        if (registry.Find(wanted.Volume) is { } live && live.Record.State.IsLive()) return await TakeAsync(live, wanted);
        if (!await services.Pools.VolumeExistsAsync(wanted.Volume, cancellationToken)) return null;
        var newest = services.Store.FindNewest(wanted.Volume);
        var completed = newest?.State is DownloadState.Completed ? newest : null;
        var difference = completed is null ? null : wanted.FindDifference(completed);
        var isAskedFor = completed is not null && difference is null;
        if (await FindUnprovenAsync(wanted, completed) is { } unproven) throw ForeignVolume.Differs(wanted.Volume, unproven);
        if (wanted.IsSigned && !isAskedFor) throw ForeignVolume.Differs(wanted.Volume, difference!);
        var fault = await FindFaultAsync(wanted, completed, isAskedFor, cancellationToken);
        if (fault is not null) throw ForeignVolume.Differs(wanted.Volume, difference is null || wanted.Checksum is not null ? fault : difference);
        return new KeptDownload(wanted.Volume, IsKept: true, isAskedFor ? new DownloadSnapshot(completed!) : null);
    }

    private Task<string?> FindUnprovenAsync(WantedImage wanted, DownloadRecord? record) =>
        wanted.IsSigned ? BlockingWork.RunAsync(() => KeptProof.FindDifference(wanted, record, services.Signatures)) : Task.FromResult(default(string));

    private async Task<string?> FindFaultAsync(WantedImage wanted, DownloadRecord? completed, bool isAskedFor, CancellationToken cancellationToken)
    {
        try
        {
            return await _present.FindDifferenceAsync(wanted.Volume, completed, isAskedFor, wanted.Checksum, cancellationToken);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.VolumeLost)
        {
            return $"it cannot be read ({e.Message})";
        }
    }

    private async Task WaitForStartAsync(VolumeId volume, CancellationToken cancellationToken)
    {
        var began = services.Time.GetTimestamp();
        try
        {
            while (registry.FindStart(volume) is { } start)
            {
                var left = Patience - services.Time.GetElapsedTime(began);
                await start.End.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, services.Time, cancellationToken);
            }
        }
        catch (TimeoutException)
        {
            throw ForeignVolume.Differs(volume, "another start of that name has not come to its end");
        }
    }

    private async Task<KeptDownload> TakeAsync(Download live, WantedImage wanted)
    {
        var record = live.Record;
        if (wanted.FindDifference(record) is { } difference) throw ForeignVolume.Differs(wanted.Volume, $"of its download, {difference}");
        if (await FindUnprovenAsync(wanted, record) is { } unproven) throw ForeignVolume.Differs(wanted.Volume, $"of its download, {unproven}");
        if (record.State is DownloadState.Canceling) throw ForeignVolume.Differs(wanted.Volume, "its download is being cancelled; try again when it is gone");
        return new KeptDownload(wanted.Volume, IsKept: !await TryRetryAsync(live), live.TakeSnapshot());
    }

    private async Task<bool> TryRetryAsync(Download live)
    {
        if (live.Record.State is not DownloadState.Failed) return false;
        try
        {
            await FailedDownload.RetryAsync(live, scheduler, services);
            return true;
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.NotFailed)
        {
            return false; // Somebody else did it.
        }
    }
}
