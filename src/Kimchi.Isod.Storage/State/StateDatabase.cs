using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>The SQLite file of the state store: opened with full durability, one connection, one user at a time.</summary>
internal sealed class StateDatabase : IDisposable
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;

    private StateDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the database, and makes it where it is missing.</summary>
    /// <exception cref="StateStoreException">It is damaged, of a newer version, or cannot be written.</exception>
    public static StateDatabase Open(string directory)
    {
        var path = Path.Combine(directory, "downloads.sqlite");
        SqliteConnection? connection = null;
        try
        {
            CreateReadableByOwnerOnly(path);
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
            connection.Open();
            var database = new StateDatabase(connection);
            database.Prepare(path);
            return database;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            throw new StateStoreException(
                $"the state store {path} cannot be used: {e.Message}; mend it, or move it away to start without its downloads", e);
        }
    }

    /// <summary>Runs one statement, or several as one transaction.</summary>
    /// <returns>How many rows the last one changed.</returns>
    public int Run(params ReadOnlySpan<SqlStatement> statements)
    {
        lock (_gate)
        {
            using var transaction = statements.Length > 1 ? _connection.BeginTransaction() : null;
            var changed = 0;
            foreach (var statement in statements) changed = Execute(statement);
            transaction?.Commit();
            return changed;
        }
    }

    /// <summary>Runs a query and reads each of its rows.</summary>
    public List<T> Query<T>(SqlStatement statement, Func<SqliteDataReader, T> read)
    {
        lock (_gate)
        {
            using var command = Command(statement);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(read(reader));
            return rows;
        }
    }

    /// <summary>Notes that the daemon stopped in good order, and closes the file.</summary>
    public void Dispose()
    {
        Run(new SqlStatement("UPDATE daemon SET stopped_clean = 1"));
        _connection.Dispose();
    }

    private void Prepare(string path)
    {
        Execute(new SqlStatement("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON"));
        var version = Query(new SqlStatement("PRAGMA user_version"), r => r.GetInt32(0))[0];
        if (version > StateSchema.Version)
        {
            throw new StateStoreException(
                $"the state store {path} is of version {version}, made by a newer kimchi-isod; this one knows version " +
                $"{StateSchema.Version}: install the newer one again, or move the file away");
        }

        if (version == 0) Run(new SqlStatement(StateSchema.Create), new SqlStatement("SELECT 1"));
        NoteStart();
    }

    // What was written before a crash is read back before it is trusted.
    private void NoteStart()
    {
        var bootId = File.ReadAllText(BootIdFile).Trim();
        Run(
            new SqlStatement(
                "UPDATE downloads SET is_suspect = 1 WHERE state NOT IN ('Completed', 'Canceled') AND NOT EXISTS " +
                "(SELECT * FROM daemon WHERE stopped_clean = 1 AND boot_id = $boot)", ("$boot", bootId)),
            new SqlStatement("UPDATE daemon SET stopped_clean = 0, boot_id = $boot", ("$boot", bootId)));
    }

    private int Execute(SqlStatement statement)
    {
        using var command = Command(statement);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(SqlStatement statement)
    {
        var command = _connection.CreateCommand();
        command.CommandText = statement.Text;
        foreach (var (name, value) in statement.Parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static void CreateReadableByOwnerOnly(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
    }
}
