using Kimchi.Isod.Core.History;
using Kimchi.Isod.Core.State;
using Kimchi.Isod.Core.Volumes;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.State;

/// <summary>The records of downloads in SQLite. Each call is one transaction, durable when it returns.</summary>
public sealed class SqliteDownloadStore : IDownloadStore, ITrustedClockStore, IDisposable
{
    private readonly StateDatabase _database;

    private SqliteDownloadStore(StateDatabase database)
    {
        _database = database;
        Id = Guid.ParseExact(database.Query(new SqlStatement("SELECT store_id FROM daemon"), row => row.GetString(0))[0], "N");
    }

    /// <inheritdoc/>
    public Guid Id { get; }

    /// <summary>Opens the store in a directory that is held. One that is damaged or newer is kept aside, and a new one made.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="logger">Hears of a store that is kept aside, and of an end that could not be noted.</param>
    /// <param name="time">The clock; the system's when null.</param>
    /// <exception cref="StateStoreException">It cannot be written, or another process has it locked.</exception>
    public static SqliteDownloadStore Open(StateDirectory directory, ILogger logger, TimeProvider? time = null) =>
        new(StateDatabase.Open(directory.Path, logger, time ?? TimeProvider.System));

    /// <inheritdoc/>
    public IReadOnlyList<DownloadRecord> LoadLive() =>
        [.. _database.Query(new SqlStatement(DownloadRow.SelectLive), DownloadRow.Read).Select(WithAllThatIsStored)];

    /// <inheritdoc/>
    public IReadOnlyList<DownloadRecord> LoadAll(string pool) => _database.Query(
        new SqlStatement(
            $"SELECT {DownloadRow.Columns} FROM downloads WHERE pool = $pool AND state <> 'Preparing' ORDER BY id DESC", ("$pool", pool)),
        DownloadRow.Read);

    /// <inheritdoc/>
    public DownloadRecord? FindNewest(VolumeId volume) => _database.Query(
        new SqlStatement(
            $"SELECT {DownloadRow.Columns} FROM downloads WHERE pool = $pool AND name = $name ORDER BY id DESC LIMIT 1",
            ("$pool", volume.Pool), ("$name", volume.Name)),
        DownloadRow.Read).FirstOrDefault();

    /// <inheritdoc/>
    public DownloadRecord Add(DownloadRecord download)
    {
        var id = _database.Query(
            DropCutOffStart(download.Volume),
            new SqlStatement(DownloadRow.Insert, DownloadRow.Parameters(download)[1..]),
            download.Pieces is { } pieces ? PieceRow.InsertForNewest(pieces) : null,
            row => row.GetInt64(0))[0];
        return download with { Id = id, Token = download.Token is { } token ? token with { DownloadId = id } : null };
    }

    /// <inheritdoc/>
    public void Update(DownloadRecord download)
    {
        if (download.State.IsLive()) _database.Run(UpdateOf(download));
        else _database.Run(DropHead(download.Id), DropAllWindows(download.Id), PieceRow.Drop(download.Id), UpdateOf(download));
    }

    /// <inheritdoc/>
    public void Remove(long id) => _database.Run(new SqlStatement("DELETE FROM downloads WHERE id = $id", ("$id", id)));

    /// <inheritdoc/>
    public IReadOnlyList<ForgottenDownload> RemoveEnded(VolumeId volume) =>
        DropEnded("pool = $pool AND name = $name", ("$pool", volume.Pool), ("$name", volume.Name));

    /// <inheritdoc/>
    public void Restart(DownloadRecord download) =>
        _database.Run(DropHead(download.Id), DropAllWindows(download.Id), UpdateOf(download));

    /// <inheritdoc/>
    public void SaveHead(long id, ReadOnlySpan<byte> head, long imagePosition) => _database.Run(
        new SqlStatement("INSERT OR REPLACE INTO heads VALUES ($id, $bytes)", ("$id", id), ("$bytes", head.ToArray())),
        MoveTo(id, imagePosition));

    /// <inheritdoc/>
    public byte[]? LoadHead(long id) => _database.Query(
        new SqlStatement("SELECT bytes FROM heads WHERE download_id = $id", ("$id", id)),
        row => row.GetFieldValue<byte[]>(0)).FirstOrDefault();

    /// <inheritdoc/>
    public void AddWindow(long id, Window window, long imagePosition) => _database.Run(
        new SqlStatement(
            "INSERT INTO windows VALUES ($id, $start, $length, $digest)",
            ("$id", id), ("$start", window.Start), ("$length", window.Length), ("$digest", unchecked((long)window.Digest))),
        MoveTo(id, imagePosition));

    /// <inheritdoc/>
    public IReadOnlyList<Window> LoadWindows(long id) => _database.Query(
        new SqlStatement("SELECT start, length, digest FROM windows WHERE download_id = $id ORDER BY start", ("$id", id)),
        row => new Window(row.GetInt64(0), row.GetInt64(1), unchecked((ulong)row.GetInt64(2))));

    /// <inheritdoc/>
    public void DropWindows(long id, IReadOnlyList<Window> windows, long imagePosition) =>
        _database.Run([.. windows.Select(window => DropWindow(id, window.Start)), MoveTo(id, imagePosition)]);

    /// <inheritdoc/>
    public IReadOnlyList<ForgottenDownload> DropHistory(DateTimeOffset time) =>
        DropEnded("finished_at < $time", ("$time", time.ToUnixTimeMilliseconds()));

    /// <inheritdoc/>
    public TrustedClock? LoadClock() => ClockRows.Compose(_database.Query(ClockRows.Select, ClockRows.Read));

    /// <inheritdoc/>
    public void SaveClock(TrustedClock clock) => _database.Run(ClockRows.Replace(clock));

    /// <summary>Records that the daemon stopped cleanly, and closes the store.</summary>
    public void Dispose() => _database.Dispose();

    private DownloadRecord WithAllThatIsStored(DownloadRecord download) => download with
    {
        Stored = StoredRanges.Of(LoadHead(download.Id)?.Length ?? 0, LoadWindows(download.Id)),
        Pieces = _database.Query(PieceRow.Select(download.Id), PieceRow.Read).FirstOrDefault(),
    };

    private List<ForgottenDownload> DropEnded(string condition, params (string Name, object? Value)[] parameters) => _database.Query(
        new SqlStatement(
            $"DELETE FROM downloads WHERE state IN ('Completed', 'Canceled') AND {condition} RETURNING id, pool, name", parameters),
        row => new ForgottenDownload(row.GetInt64(0), new VolumeId(row.GetString(1), row.GetString(2))));

    private static SqlStatement UpdateOf(DownloadRecord download) => new(DownloadRow.Update, DownloadRow.Parameters(download));

    private static SqlStatement MoveTo(long id, long position) =>
        new("UPDATE downloads SET position = $position WHERE id = $id", ("$id", id), ("$position", position));

    private static SqlStatement DropCutOffStart(VolumeId volume) => new(
        "DELETE FROM downloads WHERE pool = $pool AND name = $name AND state = 'Preparing'", ("$pool", volume.Pool), ("$name", volume.Name));

    private static SqlStatement DropHead(long id) => new("DELETE FROM heads WHERE download_id = $id", ("$id", id));

    private static SqlStatement DropAllWindows(long id) => new("DELETE FROM windows WHERE download_id = $id", ("$id", id));

    private static SqlStatement DropWindow(long id, long start) =>
        new("DELETE FROM windows WHERE download_id = $id AND start = $start", ("$id", id), ("$start", start));
}
