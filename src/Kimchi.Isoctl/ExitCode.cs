namespace Kimchi.Isoctl;

/// <summary>How the program ends. Scripts build on these.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>A download failed or was cancelled, or the daemon is not healthy.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The daemon is out of reach.</summary>
    public const int OutOfReach = 3;

    /// <summary>The daemon refused.</summary>
    public const int Refused = 4;

    /// <summary>The user may not write to the socket.</summary>
    public const int NoPermission = 5;

    /// <summary>Interrupted while it waited, as shells have it: 128 and SIGINT.</summary>
    public const int Interrupted = 130;
}
