using Kimchi.Isod.Core.Downloads;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.State;

namespace Kimchi.Isod.Core.Running;

/// <summary>Gives slots to downloads, first in, first out, and never more than <see cref="DownloadOptions.MaxActive"/> at once.</summary>
public sealed class DownloadScheduler(DownloadRegistry registry, DownloadServices services)
{
    // How long a queue waits that has a slot, but whose next download could not be begun.
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly DownloadQueue _waiting = new();
    private readonly HashSet<Task> _runs = [];
    private int _maxActive = services.Options.MaxActive;
    private int _maxWaiting = services.Options.MaxWaiting;
    private int _startsInProgress;
    private bool _isStopping;
    private bool _isTryingAgain;

    /// <summary>Raised when the last download has ended and none waits for a slot.</summary>
    public event EventHandler? CameToRest;

    /// <summary>Whether no download runs, waits for a slot or is being started.</summary>
    public bool IsAtRest
    {
        get
        {
            lock (_gate) return _runs.Count == 0 && _waiting.Count == 0 && _startsInProgress == 0;
        }
    }

    /// <summary>Changes the limits. Downloads that run go on, those that wait run as soon as they may.</summary>
    public void SetLimits(int maxActive, int maxWaiting)
    {
        lock (_gate)
        {
            (_maxActive, _maxWaiting) = (maxActive, maxWaiting);
            FillSlots();
        }
    }

    /// <summary>Takes a place in the queue for a start, until it is disposed.</summary>
    /// <exception cref="DownloadException"><see cref="DownloadErrorKind.QueueFull"/>.</exception>
    public IDisposable TakePlace()
    {
        lock (_gate)
        {
            var places = _maxActive + _maxWaiting;
            var taken = _runs.Count + _waiting.All.Count(d => d.Record.State is DownloadState.Queued) + _startsInProgress;
            if (taken >= places)
            {
                throw new DownloadException(
                    DownloadErrorKind.QueueFull,
                    $"{taken} downloads are running or waiting, the limit of downloads:max_active and downloads:max_waiting; " +
                    "try again when some have ended");
            }

            _startsInProgress++;
            return new Place(this);
        }
    }

    /// <summary>Runs a download now if a slot is free, else when its turn comes.</summary>
    /// <param name="download">A queued download.</param>
    /// <param name="opened">Its file, if it is open already; closed when the download has to wait.</param>
    public async Task EnqueueAsync(Download download, IRemoteFile? opened = null)
    {
        lock (_gate)
        {
            if (HasSlot && TryRun(download, opened)) return;
            Wait(download);
            if (HasSlot && _waiting.Count > 0) TryAgainLater();
        }

        if (opened is not null) await opened.DisposeAsync();
    }

    /// <summary>Gives up the place of a download that was paused or cancelled, unless it waits again already.</summary>
    public void GiveUpPlace(Download download)
    {
        lock (_gate)
        {
            if (download.Record.State is not DownloadState.Queued) _waiting.Remove(download);
        }
    }

    /// <summary>Stops every run, so that it goes on when the daemon starts again, and gives out no more slots.</summary>
    /// <returns>A task that completes when all I/O has ended.</returns>
    public async Task StopAsync()
    {
        Task[] runs;
        lock (_gate)
        {
            _isStopping = true;
            runs = [.. _runs];
        }

        foreach (var download in registry.All()) _ = download.ShutDownAsync();
        await Task.WhenAll(runs);
    }

    private bool HasSlot => !_isStopping && _runs.Count < _maxActive;

    // The caller holds the lock.
    private bool TryRun(Download download, IRemoteFile? opened)
    {
        if (Begin(download) is not { } run) return false;
        var job = new DownloadJob(download, run, services);
        var task = Task.Run(() => job.RunAsync(opened), CancellationToken.None);
        _runs.Add(task);
        _ = task.ContinueWith(
            ended => Release(ended, download),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return true;
    }

    private RunControl? Begin(Download download)
    {
        try
        {
            return download.TryBegin();
        }
        catch (Exception e) // The store cannot be written: the download stays in the queue, and its turn comes again.
        {
            if (!_isTryingAgain) services.Logger.NotBegun(e, download.Record.Volume);
            return null;
        }
    }

    private void Release(Task ended, Download download)
    {
        if (download.Record.State is DownloadState.Completed) registry.Remove(download);
        lock (_gate)
        {
            _runs.Remove(ended);
            // Its end could not be stored, or the user has resumed it already.
            Wait(download);
            FillSlots();
        }

        if (IsAtRest) CameToRest?.Invoke(this, EventArgs.Empty);
    }

    // The caller holds the lock.
    private void Wait(Download download)
    {
        if (download.Record.State is DownloadState.Queued) _waiting.Add(download);
    }

    // The caller holds the lock.
    private void FillSlots()
    {
        for (var left = _waiting.Count; left > 0 && HasSlot; left--)
        {
            var next = _waiting.TakeFirst();
            if (!TryRun(next, opened: null)) Wait(next);
        }

        if (HasSlot && _waiting.Count > 0) TryAgainLater();
    }

    // The caller holds the lock.
    private void TryAgainLater()
    {
        if (_isTryingAgain) return;
        _isTryingAgain = true;
        _ = TryAgainAsync();
    }

    private async Task TryAgainAsync()
    {
        while (true)
        {
            await Task.Delay(TryAgainAfter, services.Time, CancellationToken.None);
            lock (_gate)
            {
                FillSlots();
                if (HasSlot && _waiting.Count > 0) continue;
                _isTryingAgain = false;
                return;
            }
        }
    }

    private void ReleasePlace()
    {
        lock (_gate) _startsInProgress--;
    }

    private sealed class Place(DownloadScheduler scheduler) : IDisposable
    {
        public void Dispose() => scheduler.ReleasePlace();
    }
}
