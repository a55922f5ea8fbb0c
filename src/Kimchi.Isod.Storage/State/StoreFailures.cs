using Kimchi.Isod.Core.Errors;
using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>Turns SQLite's errors, and those of the file, into words that name the file and the remedy.</summary>
internal static class StoreFailures
{
    // A record needs a page or two; less than this is as good as nothing.
    private const long LeastFreeBytes = 64 << 10;

    private const int NoSpaceLeft = 28; // ENOSPC of errno.h.

    /// <summary>The failure that stands for an error while the daemon runs. It may pass: disks get space, locks end.</summary>
    public static DownloadException Translate(Exception e, string path) =>
        DownloadException.Transient(DownloadErrorKind.StoreFailed, Describe(e, path), e);

    /// <summary>What is wrong with the file, and how to fix it.</summary>
    public static string Describe(Exception e, string path) =>
        $"the state store {path} cannot be used: {e.Message.TrimEnd('.')}; {Advice(e, Path.GetDirectoryName(path)!)}";

    /// <summary>Whether an error is one of the store. The others are mistakes of the statement.</summary>
    public static bool IsOfStore(Exception e) =>
        e is StateFaultException or SqliteException && Result(e) is not SqliteResult.Constraint;

    /// <summary>Whether an error at opening tells that the file is no store of ours, or not in order any more.</summary>
    public static bool IsDamage(SqliteException e) => Result(e)
        is SqliteResult.Corrupt or SqliteResult.NotADatabase or SqliteResult.Error or SqliteResult.Constraint;

    private static string Advice(Exception e, string directory) => Result(e) switch
    {
        SqliteResult.Full => $"free space on the disk of {directory}",
        null when e.HResult == NoSpaceLeft => $"free space on the disk of {directory}",
        SqliteResult.InputOutput or SqliteResult.CannotOpen when IsFull(directory) => $"the disk of {directory} is full: free space on it",
        SqliteResult.Busy or SqliteResult.Locked =>
            "another process has it locked (a backup, or somebody's sqlite3): let that one end, or end it",
        SqliteResult.InputOutput =>
            $"look whether the disk of {directory} is mounted read-only, and into the kernel's log for what is wrong with it",
        null when e is StateFaultException => "restart the daemon, which then keeps it aside and makes a new one",
        SqliteResult.Corrupt or SqliteResult.NotADatabase => "restart the daemon, which then keeps it aside and makes a new one",
        SqliteResult.ReadOnly or SqliteResult.Permission or SqliteResult.CannotOpen or null =>
            $"make it and the directory {directory} writable for the daemon, or set state:directory",
        _ => "see the daemon's log, and restart it",
    };

    private static bool IsFull(string directory) => new DriveInfo(directory).AvailableFreeSpace < LeastFreeBytes;

    private static SqliteResult? Result(Exception e) => e is SqliteException error ? (SqliteResult)error.SqliteErrorCode : null;
}
