using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>A connection to SQLite, for one thread at a time. What SQLite says is thrown as it is.</summary>
internal sealed class StateConnection : IDisposable
{
    // How long SQLite waits for a lock that another process has. It is held for a moment only, unless somebody makes a backup.
    private const int BusyTimeoutSeconds = 5;

    private readonly SqliteConnection _connection;

    private StateConnection(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens a file that is there.</summary>
    public static StateConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = BusyTimeoutSeconds,
        }.ToString());
        try
        {
            connection.Open();
            return new StateConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs one statement, or several as one transaction.</summary>
    /// <returns>How many rows the last one changed.</returns>
    public int Run(params ReadOnlySpan<SqlStatement> statements)
    {
        using var transaction = statements.Length > 1 ? _connection.BeginTransaction() : null;
        var changed = 0;
        foreach (var statement in statements)
        {
            using var command = Command(statement);
            changed = command.ExecuteNonQuery();
        }

        transaction?.Commit();
        return changed;
    }

    /// <summary>Runs a query and reads each of its rows.</summary>
    public List<T> Query<T>(SqlStatement statement, Func<SqliteDataReader, T> read)
    {
        using var command = Command(statement);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Runs a statement, then a query, then perhaps another statement, as one transaction, and reads each of the query's rows.</summary>
    public List<T> Query<T>(SqlStatement before, SqlStatement statement, SqlStatement? after, Func<SqliteDataReader, T> read)
    {
        using var transaction = _connection.BeginTransaction();
        Run(before);
        var rows = Query(statement, read);
        if (after is { } last) Run(last);
        transaction.Commit();
        return rows;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(SqlStatement statement)
    {
        var command = _connection.CreateCommand();
        command.CommandText = statement.Text;
        foreach (var (name, value) in statement.Parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
