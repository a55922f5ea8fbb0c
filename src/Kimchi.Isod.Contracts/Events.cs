namespace Kimchi.Isod.Contracts;

/// <summary>The names of the server-sent events of <see cref="Routes.Events"/>.</summary>
public static class EventNames
{
    /// <summary>The first: every live download of every pool, as a <see cref="DownloadList"/>.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>A change of one download, as a <see cref="Contracts.Download"/>: at once, or once a second where it is progress.</summary>
    public const string Download = "download";

    /// <summary>The last, before the daemon closes the stream, as a <see cref="StreamEnd"/>.</summary>
    public const string End = "end";
}

/// <summary>Why a stream of events ends.</summary>
/// <param name="Reason">The words for the user.</param>
public sealed record StreamEnd(string Reason);
