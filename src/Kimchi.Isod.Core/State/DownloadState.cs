namespace Kimchi.Isod.Core.State;

/// <summary>Where a download stands. What a running one is about is its <see cref="RunPhase"/>.</summary>
public enum DownloadState
{
    /// <summary>Waits for a free slot.</summary>
    Queued = 0,

    /// <summary>Has a slot.</summary>
    Running = 1,

    /// <summary>Stopped by the user; goes on when told to.</summary>
    Paused = 2,

    /// <summary>The image is published.</summary>
    Completed = 3,

    /// <summary>Stopped by a failure; its volume and its windows are kept.</summary>
    Failed = 4,

    /// <summary>Its volume is being deleted.</summary>
    Canceling = 5,

    /// <summary>Its volume is gone, or its record was dropped.</summary>
    Canceled = 6,

    /// <summary>Being started: its volume may be there, but nobody was told yet that it is accepted.</summary>
    Preparing = 7,
}

/// <summary>What a running download is doing.</summary>
public enum RunPhase
{
    /// <summary>Fetches and stores bytes.</summary>
    Transferring,

    /// <summary>Waits before it tries again.</summary>
    Retrying,

    /// <summary>Reads stored bytes back and compares them.</summary>
    Verifying,

    /// <summary>Puts the head into the volume.</summary>
    Publishing,
}

/// <summary>Which state may follow which.</summary>
public static class DownloadTransitions
{
    /// <summary>Whether a download may go from <paramref name="from"/> to <paramref name="to"/>.</summary>
    public static bool IsAllowed(DownloadState from, DownloadState to) => (from, to) switch
    {
        (DownloadState.Preparing, DownloadState.Queued or DownloadState.Paused or DownloadState.Canceled) => true,
        (DownloadState.Queued, DownloadState.Running or DownloadState.Paused or DownloadState.Canceling) => true,
        (DownloadState.Running, DownloadState.Queued or DownloadState.Paused or DownloadState.Completed
            or DownloadState.Failed or DownloadState.Canceling) => true,
        (DownloadState.Paused, DownloadState.Queued or DownloadState.Canceling) => true,
        (DownloadState.Failed, DownloadState.Queued or DownloadState.Canceling or DownloadState.Canceled) => true,
        (DownloadState.Canceling, DownloadState.Canceled or DownloadState.Failed) => true,
        _ => false,
    };

    /// <summary>Whether a download in this state holds its name and its volume.</summary>
    public static bool IsLive(this DownloadState state) => state is not (DownloadState.Completed or DownloadState.Canceled);
}
