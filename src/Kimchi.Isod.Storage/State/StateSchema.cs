namespace Kimchi.Isod.Storage.State;

/// <summary>The tables of the state store. A change of them is a new version: a step from the one before, and the same in the tables.</summary>
internal static class StateSchema
{
    /// <summary>The version of the tables, kept in SQLite's <c>user_version</c>.</summary>
    public static int Version => Steps.Length + 1;

    /// <summary>The tables that every version has.</summary>
    public static IReadOnlyList<string> TableNames { get; } = ["downloads", "heads", "windows", "daemon"];

    // The step at index 0 leads from version 1 to version 2, and so on.
    private static readonly string[] Steps =
    [
        "ALTER TABLE downloads ADD COLUMN checksum TEXT",
        "ALTER TABLE downloads ADD COLUMN limit_rate INTEGER NOT NULL DEFAULT 0",
        ClocksTable + ClockOfRecords,
        """
        ALTER TABLE downloads ADD COLUMN token TEXT;
        ALTER TABLE downloads ADD COLUMN birth_capacity INTEGER;
        ALTER TABLE downloads ADD COLUMN file_identity TEXT;
        ALTER TABLE downloads ADD COLUMN is_publishing INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE daemon ADD COLUMN store_id TEXT NOT NULL DEFAULT '';
        UPDATE daemon SET store_id = lower(hex(randomblob(16)));
        """,
        "ALTER TABLE downloads ADD COLUMN is_date_strong INTEGER NOT NULL DEFAULT 0; " +
        "ALTER TABLE downloads ADD COLUMN range_refusals INTEGER NOT NULL DEFAULT 0; " +
        "ALTER TABLE downloads ADD COLUMN doubt TEXT NOT NULL DEFAULT 'None'; " +
        "ALTER TABLE downloads ADD COLUMN warning TEXT",
        "ALTER TABLE downloads ADD COLUMN file_name TEXT",
        "ALTER TABLE downloads ADD COLUMN file_stamp TEXT",
        "ALTER TABLE downloads ADD COLUMN mirrors TEXT; ALTER TABLE downloads ADD COLUMN connections INTEGER;" + PiecesTable,
        "ALTER TABLE downloads ADD COLUMN outcomes TEXT; ALTER TABLE downloads ADD COLUMN url_connections INTEGER",
        "ALTER TABLE downloads ADD COLUMN checksum_list TEXT; " +
        "ALTER TABLE downloads ADD COLUMN image_signature TEXT; ALTER TABLE downloads ADD COLUMN proof TEXT",
        "ALTER TABLE downloads ADD COLUMN requested_url TEXT; ALTER TABLE downloads ADD COLUMN headers TEXT; " +
        "ALTER TABLE downloads ADD COLUMN checksum_source TEXT",
    ];

    private const string ClocksTable = """
        CREATE TABLE clocks (
            trust   TEXT PRIMARY KEY,
            boot_id TEXT NOT NULL,
            uptime  INTEGER NOT NULL,
            time    INTEGER NOT NULL,
            since   INTEGER
        ) STRICT;
        """;

    // Apart from the downloads: up to some megabytes, which no change of a record is to write again.
    private const string PiecesTable = """
        CREATE TABLE pieces (
            download_id INTEGER PRIMARY KEY REFERENCES downloads (id) ON DELETE CASCADE,
            algorithm   TEXT NOT NULL,
            length      INTEGER NOT NULL,
            hashes      BLOB NOT NULL
        ) STRICT;
        """;

    // What a clock must follow whose readings were never kept: the newest time that stands in a record.
    private const string ClockOfRecords =
        "INSERT INTO clocks SELECT 'believed', '', 0, newest, NULL " +
        "FROM (SELECT max(max(created_at, coalesce(finished_at, 0))) AS newest FROM downloads) WHERE newest IS NOT NULL";

    private const string Tables = ClocksTable + PiecesTable + """
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
            finished_at   INTEGER,
            checksum      TEXT,
            limit_rate    INTEGER NOT NULL DEFAULT 0,
            token         TEXT,
            birth_capacity INTEGER,
            file_identity TEXT,
            is_publishing INTEGER NOT NULL DEFAULT 0,
            is_date_strong INTEGER NOT NULL DEFAULT 0,
            range_refusals INTEGER NOT NULL DEFAULT 0,
            doubt         TEXT NOT NULL DEFAULT 'None',
            warning       TEXT,
            file_name     TEXT,
            file_stamp    TEXT,
            mirrors       TEXT,
            connections   INTEGER,
            outcomes      TEXT,
            url_connections INTEGER,
            checksum_list TEXT,
            image_signature TEXT,
            proof         TEXT,
            requested_url TEXT,
            headers       TEXT,
            checksum_source TEXT
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
            stopped_clean INTEGER NOT NULL,
            store_id      TEXT NOT NULL DEFAULT ''
        ) STRICT;
        INSERT INTO daemon VALUES ('', 0, lower(hex(randomblob(16))));
        """;

    /// <summary>What makes the tables in an empty database.</summary>
    public static SqlStatement[] Create() => [new(Tables), NoteVersion()];

    /// <summary>What leads from an older version to this one.</summary>
    public static SqlStatement[] Upgrade(int from) => [.. Steps[(from - 1)..].Select(step => new SqlStatement(step)), NoteVersion()];

    private static SqlStatement NoteVersion() => new($"PRAGMA user_version = {Version}");
}
