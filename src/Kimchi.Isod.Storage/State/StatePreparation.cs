using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>What is done with a store before it is used: it is examined, brought to this version, and told that the daemon runs.</summary>
internal static class StatePreparation
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>Prepares a store, or the empty file that becomes one. Nothing is written before the file is known to be ours.</summary>
    /// <exception cref="StateFaultException">It is damaged, or of a newer version.</exception>
    /// <exception cref="SqliteException">It cannot be read or written.</exception>
    public static void Prepare(StateConnection connection)
    {
        try
        {
            CheckPages(connection);
            var version = ReadVersion(connection);
            connection.Run(new SqlStatement(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON"));
            if (version == 0) connection.Run(StateSchema.Create());
            else if (version < StateSchema.Version) connection.Run(StateSchema.Upgrade(version));
            ReadWhatIsLive(connection);
            NoteStart(connection);
        }
        catch (SqliteException e) when (StoreFailures.IsDamage(e))
        {
            throw StateFaultException.Damaged(e.Message, e);
        }
    }

    private static void CheckPages(StateConnection connection)
    {
        var verdict = connection.Query(new SqlStatement("PRAGMA quick_check(1)"), row => row.GetString(0))[0];
        if (verdict != "ok") throw StateFaultException.Damaged(verdict.ReplaceLineEndings(" "));
    }

    private static int ReadVersion(StateConnection connection)
    {
        var version = connection.Query(new SqlStatement("PRAGMA user_version"), row => row.GetInt32(0))[0];
        if (version > StateSchema.Version) throw StateFaultException.Newer(version);
        var tables = connection.Query(new SqlStatement("SELECT name FROM sqlite_schema WHERE type = 'table'"), row => row.GetString(0));
        var isOurs = version == 0 ? tables.Count == 0 : version > 0 && StateSchema.TableNames.All(tables.Contains);
        return isOurs ? version : throw StateFaultException.Damaged("it is not a store of kimchi-isod");
    }

    // What SQLite can read, but the daemon cannot, must not stop it at its first request.
    private static void ReadWhatIsLive(StateConnection connection)
    {
        connection.Query(new SqlStatement(DownloadRow.SelectLive), DownloadRow.Read);
        connection.Query(PieceRow.SelectAll, PieceRow.Read);
        var notes = connection.Query(new SqlStatement("SELECT boot_id, stopped_clean, store_id FROM daemon"), row => row.GetString(2));
        if (notes.Count != 1) throw StateFaultException.Damaged($"its table 'daemon' has {notes.Count} rows instead of 1");
        if (!Guid.TryParseExact(notes[0], "N", out _)) throw StateFaultException.Damaged("its table 'daemon' has no identity of the store");
    }

    // What was written before a crash is read back before it is trusted.
    private static void NoteStart(StateConnection connection)
    {
        var bootId = File.ReadAllText(BootIdFile).Trim();
        connection.Run(
            new SqlStatement(
                "UPDATE downloads SET is_suspect = 1 WHERE state NOT IN ('Completed', 'Canceled') AND NOT EXISTS " +
                "(SELECT * FROM daemon WHERE stopped_clean = 1 AND boot_id = $boot)", ("$boot", bootId)),
            new SqlStatement("UPDATE daemon SET stopped_clean = 0, boot_id = $boot", ("$boot", bootId)));
    }
}
