using System.Globalization;

namespace Kimchi.Isod.Storage.State;

/// <summary>The file of the state store, with those that SQLite puts beside it.</summary>
internal sealed class StateFile(string directory)
{
    // The database is moved first: without its log it is an older state of itself, and must not be taken for the newest one.
    private static readonly string[] Endings = ["", "-wal", "-shm"];

    /// <summary>The database's path.</summary>
    public string Path { get; } = System.IO.Path.Combine(directory, "downloads.sqlite");

    /// <summary>Makes an empty file where there is none.</summary>
    /// <returns>Whether there was none.</returns>
    public bool CreateReadableByOwnerOnly()
    {
        var isNew = !File.Exists(Path);
        using var file = new FileStream(Path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        return isNew;
    }

    /// <summary>Gives the files another name, which none has yet. Who has them open goes on with them.</summary>
    /// <param name="label">Why, in one word.</param>
    /// <param name="now">When.</param>
    /// <returns>The database's new path.</returns>
    public string KeepAside(string label, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var target = FindFree($"{Path}.{label}-{time}");
        foreach (var ending in Endings.Where(ending => File.Exists(Path + ending)))
            File.Move(Path + ending, target + ending, overwrite: false);
        return target;
    }

    private static string FindFree(string wanted)
    {
        var candidate = wanted;
        for (var number = 2; Endings.Any(ending => File.Exists(candidate + ending)); number++) candidate = $"{wanted}-{number}";
        return candidate;
    }
}
