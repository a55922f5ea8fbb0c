namespace Kimchi.Isod.Storage.State;

/// <summary>The tables of the state store. A change of them is a new version and a step from the old one.</summary>
internal static class StateSchema
{
    /// <summary>The version of the tables below, kept in SQLite's <c>user_version</c>.</summary>
    public const int Version = 1;

    /// <summary>Makes the tables of <see cref="Version"/> in an empty database.</summary>
    public const string Create = """
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
}
