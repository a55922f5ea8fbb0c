namespace Kimchi.Isod.Contracts;

/// <summary>The names of the server-sent events of <see cref="Routes.Events"/>.</summary>
public static class EventNames
{
    /// <summary>The first: every live download of every pool, as a <see cref="DownloadList"/>.</summary>
    public const string Snapshot = "snapshot";

    /// <summary>A change of one download, as a <see cref="Contracts.Download"/>: at once, or once a second where it is progress.</summary>
    public const string Download = "download";

    /// <summary>A download whose record was dropped, by a user or since it was old, as a <see cref="ForgottenDownload"/>.</summary>
    public const string Forgotten = "forgotten";

    /// <summary>The last, before the daemon closes the stream, as a <see cref="StreamEnd"/>.</summary>
    public const string End = "end";
}

/// <summary>A download that is no more to be seen. What there is of its volume stays.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Pool">The pool's name.</param>
/// <param name="Name">The name that it had.</param>
public sealed record ForgottenDownload(long Id, string Pool, string Name);

/// <summary>Why a stream of events ends.</summary>
/// <param name="Reason">The words for the user.</param>
public sealed record StreamEnd(string Reason);
