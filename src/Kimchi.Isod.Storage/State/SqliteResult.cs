namespace Kimchi.Isod.Storage.State;

/// <summary>SQLite's primary result codes, as far as they are told apart here: https://sqlite.org/rescode.html.</summary>
internal enum SqliteResult
{
    Error = 1,
    Permission = 3,
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    InputOutput = 10,
    Corrupt = 11,
    Full = 13,
    CannotOpen = 14,
    Constraint = 19,
    NotADatabase = 26,
}
