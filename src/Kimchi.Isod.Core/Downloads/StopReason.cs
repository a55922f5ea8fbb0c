namespace Kimchi.Isod.Core.Downloads;

/// <summary>Why a run is to stop. A later reason replaces an earlier one only when it is greater.</summary>
/// <remarks>So cancel beats pause, and the daemon's shutdown never overrides what a user asked for.</remarks>
internal enum StopReason
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>The daemon stops; the download goes on when it starts again.</summary>
    Shutdown = 1,

    /// <summary>The user paused it.</summary>
    Pause = 2,

    /// <summary>The user cancelled it.</summary>
    Cancel = 3,
}
