using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Fixtures;

/// <summary>The file of a daemon's state store, which a test reads and changes past the daemon.</summary>
public sealed class StateStoreFile(string directory)
{
    // As the daemon's first release made them.
    private const string Version1 = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE downloads (
            id            INTEGER PRIMARY KEY AUTOINCREMENT,
            pool          TEXT NOT NULL,
            name          TEXT NOT NULL,
            state         TEXT NOT NULL,
            url           TEXT NOT NULL,
            user_name     TEXT,
            password      TEXT,
            etag          TEXT,
            last_modified INTEGER,
            size          INTEGER,
            is_resumable  INTEGER NOT NULL,
            allocation    TEXT NOT NULL,
            position      INTEGER NOT NULL,
            is_suspect    INTEGER NOT NULL,
            attempts      INTEGER NOT NULL,
            restarts      INTEGER NOT NULL,
            failure_kind  TEXT,
            failure       TEXT,
            created_at    INTEGER NOT NULL,
            started_at    INTEGER,
            finished_at   INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX live_names ON downloads (pool, name) WHERE state NOT IN ('Completed', 'Canceled');
        CREATE INDEX names ON downloads (pool, name, id);
        CREATE TABLE heads (
            download_id INTEGER PRIMARY KEY REFERENCES downloads (id) ON DELETE CASCADE,
            bytes       BLOB NOT NULL
        ) STRICT;
        CREATE TABLE windows (
            download_id INTEGER NOT NULL REFERENCES downloads (id) ON DELETE CASCADE,
            start       INTEGER NOT NULL,
            length      INTEGER NOT NULL,
            digest      INTEGER NOT NULL,
            PRIMARY KEY (download_id, start)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE daemon (
            boot_id       TEXT NOT NULL,
            stopped_clean INTEGER NOT NULL
        ) STRICT;
        INSERT INTO daemon VALUES ('', 0);
        PRAGMA user_version = 1;
        """;

    /// <summary>The version that this daemon makes.</summary>
    public const int NewestVersion = 12;

    /// <summary>The file's path.</summary>
    public string Path { get; } = System.IO.Path.Combine(directory, "downloads.sqlite");

    /// <summary>The stores that were kept aside, without the files that SQLite puts beside them.</summary>
    public IReadOnlyList<string> KeptAside =>
    [
        .. Directory.GetFiles(directory)
            .Where(file => file.StartsWith(Path + ".", StringComparison.Ordinal))
            .Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Makes an empty store of version 1.</summary>
    public void MakeVersion1()
    {
        Directory.CreateDirectory(directory);
        Execute(Version1);
    }

    /// <summary>Makes a store of the newest version one of version 1, with what it holds.</summary>
    public void TurnIntoVersion1() => Execute(
        "ALTER TABLE downloads DROP COLUMN checksum; ALTER TABLE downloads DROP COLUMN limit_rate; DROP TABLE clocks; " +
        "ALTER TABLE downloads DROP COLUMN token; ALTER TABLE downloads DROP COLUMN birth_capacity; " +
        "ALTER TABLE downloads DROP COLUMN file_identity; ALTER TABLE downloads DROP COLUMN is_publishing; ALTER TABLE daemon DROP COLUMN store_id; " +
        "ALTER TABLE downloads DROP COLUMN is_date_strong; ALTER TABLE downloads DROP COLUMN range_refusals; " +
        "ALTER TABLE downloads DROP COLUMN doubt; ALTER TABLE downloads DROP COLUMN warning; ALTER TABLE downloads DROP COLUMN file_name; " +
        "ALTER TABLE downloads DROP COLUMN file_stamp; ALTER TABLE downloads DROP COLUMN mirrors; ALTER TABLE downloads DROP COLUMN connections; DROP TABLE pieces; " +
        "ALTER TABLE downloads DROP COLUMN outcomes; ALTER TABLE downloads DROP COLUMN url_connections; " +
        "ALTER TABLE downloads DROP COLUMN checksum_list; ALTER TABLE downloads DROP COLUMN image_signature; ALTER TABLE downloads DROP COLUMN proof; " +
        "ALTER TABLE downloads DROP COLUMN requested_url; ALTER TABLE downloads DROP COLUMN headers; ALTER TABLE downloads DROP COLUMN checksum_source; PRAGMA user_version = 1");

    /// <summary>Runs statements.</summary>
    public void Execute(string sql)
    {
        using var connection = Open(Path);
        Execute(connection, sql);
    }

    /// <summary>The first value of a query's first row.</summary>
    public object? Query(string sql) => Query(Path, sql);

    /// <summary>The first value of a query's first row, from a store that was kept aside.</summary>
    public static object? Query(string path, string sql)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Opens it and reads from it, as somebody's sqlite3 does, until disposed.</summary>
    public IDisposable HoldOpen()
    {
        var connection = Open(Path);
        Execute(connection, "SELECT * FROM sqlite_schema");
        return connection;
    }

    /// <summary>Locks it against all others until disposed.</summary>
    public IDisposable Lock()
    {
        var connection = Open(Path);
        Execute(connection, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
        return connection;
    }

    /// <summary>Keeps all others from writing to it until disposed, as a backup does.</summary>
    public IDisposable LockForWriting()
    {
        var connection = Open(Path);
        Execute(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
