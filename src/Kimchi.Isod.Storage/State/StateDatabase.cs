using Kimchi.Isod.Core.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Storage.State;

/// <summary>The SQLite file of the state store: opened with full durability, one connection, one user at a time.</summary>
internal sealed class StateDatabase : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly StateConnection _connection;
    private readonly ILogger _logger;

    private StateDatabase(string path, StateConnection connection, ILogger logger)
    {
        _path = path;
        _connection = connection;
        _logger = logger;
    }

    /// <summary>Opens the database. A missing one is made; one that cannot be read is kept aside, and a new one made.</summary>
    /// <exception cref="StateStoreException">Its disk is full or read-only, or another process has it locked.</exception>
    public static StateDatabase Open(string directory, ILogger logger, TimeProvider time)
    {
        var file = new StateFile(directory);
        try
        {
            return new StateDatabase(file.Path, OpenOrReplace(file, logger, time), logger);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or StateFaultException)
        {
            throw new StateStoreException(StoreFailures.Describe(e, file.Path), e);
        }
    }

    /// <summary>Runs one statement, or several as one transaction.</summary>
    /// <returns>How many rows the last one changed.</returns>
    /// <exception cref="DownloadException">The store failed; nothing has changed.</exception>
    public int Run(params SqlStatement[] statements) => Use(connection => connection.Run(statements));

    /// <summary>Runs a query and reads each of its rows.</summary>
    /// <exception cref="DownloadException">The store failed.</exception>
    public List<T> Query<T>(SqlStatement statement, Func<SqliteDataReader, T> read) => Use(connection => connection.Query(statement, read));

    /// <summary>Runs a statement, then a query, then perhaps another statement, as one transaction, and reads each of the query's rows.</summary>
    /// <exception cref="DownloadException">The store failed; nothing has changed.</exception>
    public List<T> Query<T>(SqlStatement before, SqlStatement statement, SqlStatement? after, Func<SqliteDataReader, T> read) =>
        Use(connection => connection.Query(before, statement, after, read));

    /// <summary>Records that the daemon stopped cleanly, and closes the file.</summary>
    /// <remarks>Without that note, windows are read back at the next start before they are trusted.</remarks>
    public void Dispose()
    {
        try
        {
            Run(new SqlStatement("UPDATE daemon SET stopped_clean = 1"));
        }
        catch (DownloadException e)
        {
            _logger.StopNotStored(e.Message);
        }

        _connection.Dispose();
    }

    private T Use<T>(Func<StateConnection, T> use)
    {
        lock (_gate)
        {
            try
            {
                return use(_connection);
            }
            catch (Exception e) when (StoreFailures.IsOfStore(e))
            {
                throw StoreFailures.Translate(e, _path);
            }
        }
    }

    private static StateConnection OpenOrReplace(StateFile file, ILogger logger, TimeProvider time)
    {
        var connection = Connect(file, logger);
        try
        {
            if (FindFault(connection) is not { } fault) return connection;
            // Before it is closed: SQLite would take the log into the database then, and delete it.
            logger.StoreKeptAside(file.Path, fault.Message, file.KeepAside(fault.Label, time.GetUtcNow()));
            connection.Dispose();
            connection = Connect(file, logger);
            StatePreparation.Prepare(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static StateFaultException? FindFault(StateConnection connection)
    {
        try
        {
            StatePreparation.Prepare(connection);
            return null;
        }
        catch (StateFaultException e)
        {
            return e;
        }
    }

    private static StateConnection Connect(StateFile file, ILogger logger)
    {
        if (file.CreateReadableByOwnerOnly()) logger.StoreMissing(file.Path);
        return StateConnection.Open(file.Path);
    }
}
