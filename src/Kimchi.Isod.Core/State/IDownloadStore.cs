using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.State;

/// <summary>The records of downloads on disk. A call that returns has made its change durable, whole or not at all.</summary>
/// <remarks>
/// Calls take about 0.2 ms (SQLite, WAL, synchronous=FULL) and may come from any thread. Each of them throws a
/// <see cref="Errors.DownloadException"/> of the kind <see cref="Errors.DownloadErrorKind.StoreFailed"/> when the store cannot be read or
/// written (a full or read-only disk, another process's lock, a damaged file); then nothing has changed. It is transient: the same
/// call may succeed later.
/// </remarks>
public interface IDownloadStore
{
    /// <summary>Tells this store from all others: made at random with it, and kept as long as it is.</summary>
    Guid Id { get; }

    /// <summary>Every download that is not completed or cancelled, oldest first, with all that is stored of its image. What the other calls
    /// return has the bytes before its position only.</summary>
    IReadOnlyList<DownloadRecord> LoadLive();

    /// <summary>Every download of a pool, live and ended, newest first, but for starts that are not accepted yet.</summary>
    IReadOnlyList<DownloadRecord> LoadAll(string pool);

    /// <summary>The newest record of that name, live or finished, or null.</summary>
    DownloadRecord? FindNewest(VolumeId volume);

    /// <summary>Adds a record. A record of an interrupted start under that name is replaced: the caller holds the name, so that no such
    /// start is in progress, and has found no volume of that name.</summary>
    /// <returns>The record with its id, in its token too.</returns>
    DownloadRecord Add(DownloadRecord download);

    /// <summary>Stores a record's new values. One that has ended loses its windows, its head and its secrets.</summary>
    void Update(DownloadRecord download);

    /// <summary>Drops a record and all that belongs to it, as if it had never been.</summary>
    void Remove(long id);

    /// <summary>Drops the records of a name that are completed or cancelled.</summary>
    /// <returns>Those that were dropped.</returns>
    IReadOnlyList<ForgottenDownload> RemoveEnded(VolumeId volume);

    /// <summary>Stores a record that starts again from the file's first byte: its windows and its head are dropped.</summary>
    void Restart(DownloadRecord download);

    /// <summary>Keeps the image's first bytes until it is published.</summary>
    /// <param name="id">The record.</param>
    /// <param name="head">The bytes.</param>
    /// <param name="imagePosition">The record's new position.</param>
    void SaveHead(long id, ReadOnlySpan<byte> head, long imagePosition);

    /// <summary>The image's first bytes, or null when they have not been fetched yet.</summary>
    byte[]? LoadHead(long id);

    /// <summary>Adds a window.</summary>
    /// <param name="id">The record.</param>
    /// <param name="window">The window.</param>
    /// <param name="imagePosition">The record's new position.</param>
    void AddWindow(long id, Window window, long imagePosition);

    /// <summary>The windows in the order of their bytes.</summary>
    IReadOnlyList<Window> LoadWindows(long id);

    /// <summary>Drops windows.</summary>
    /// <param name="id">The record.</param>
    /// <param name="windows">The windows.</param>
    /// <param name="imagePosition">The record's new position.</param>
    void DropWindows(long id, IReadOnlyList<Window> windows, long imagePosition);

    /// <summary>Drops the records of downloads that ended before <paramref name="time"/>.</summary>
    /// <returns>Those that were dropped.</returns>
    IReadOnlyList<ForgottenDownload> DropHistory(DateTimeOffset time);
}
