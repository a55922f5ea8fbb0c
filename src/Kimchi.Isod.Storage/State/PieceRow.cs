using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Metalinks;
using Microsoft.Data.Sqlite;

namespace Kimchi.Isod.Storage.State;

/// <summary>The hashes of a download's pieces as a row of the table <c>pieces</c>.</summary>
internal static class PieceRow
{
    /// <summary>The query for every row.</summary>
    public static SqlStatement SelectAll { get; } = new("SELECT algorithm, length, hashes FROM pieces");

    /// <summary>The query for a download's row.</summary>
    public static SqlStatement Select(long id) => new($"{SelectAll.Text} WHERE download_id = $id", ("$id", id));

    /// <summary>The statement that adds the row of the download which was added last.</summary>
    public static SqlStatement InsertForNewest(PieceHashes pieces) => new(
        "INSERT INTO pieces VALUES (last_insert_rowid(), $algorithm, $length, $hashes)",
        ("$algorithm", pieces.Algorithm.ToString()), ("$length", pieces.Length), ("$hashes", pieces.Hashes.ToArray()));

    /// <summary>The statement that drops a download's row.</summary>
    public static SqlStatement Drop(long id) => new("DELETE FROM pieces WHERE download_id = $id", ("$id", id));

    /// <summary>Reads a row.</summary>
    /// <exception cref="StateFaultException">A value is not one that the daemon writes.</exception>
    public static PieceHashes Read(SqliteDataReader row)
    {
        var pieces = Enum.TryParse<ChecksumAlgorithm>(row.GetString(0), out var algorithm) && Enum.IsDefined(algorithm)
            ? new PieceHashes(algorithm, row.GetInt64(1), row.GetFieldValue<byte[]>(2))
            : null;
        return pieces is { Length: > 0, Hashes.Length: > 0 } && pieces.Hashes.Length % pieces.HashSize == 0
            ? pieces
            : throw StateFaultException.Damaged("the hashes of a download's pieces cannot be read");
    }
}
