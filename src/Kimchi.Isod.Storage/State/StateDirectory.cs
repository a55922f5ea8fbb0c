namespace Kimchi.Isod.Storage.State;

/// <summary>The state store's directory, held by one daemon at a time.</summary>
public sealed class StateDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // errno.h, which .NET hands on as an IOException's HResult.
    private const int TryAgain = 11;
    private const int NoSpaceLeft = 28;
    private const int ReadOnlyFileSystem = 30;

    private readonly FileStream _lock;

    private StateDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The directory's path.</summary>
    public string Path { get; }

    /// <summary>Creates the directory where it is missing, and holds it until disposed.</summary>
    /// <exception cref="StateStoreException">Another daemon holds it, or it cannot be written.</exception>
    public static StateDirectory Hold(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return new StateDirectory(path, OpenLock(System.IO.Path.Combine(path, "lock")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException($"the state directory {path} {Fault(e)}", e);
        }
    }

    /// <summary>Lets another daemon have it.</summary>
    public void Dispose() => _lock.Dispose();

    private static string Fault(Exception e) => e.HResult switch
    {
        TryAgain => $"is in use by another kimchi-isod ({e.Message}); stop that one, or set state:directory",
        NoSpaceLeft => $"cannot be used: its disk is full ({e.Message}); free space on it, or set state:directory",
        ReadOnlyFileSystem => $"cannot be used: its disk is read-only ({e.Message}); mount it writable, or set state:directory",
        _ => $"cannot be used: {e.Message}; mend its permissions, or set state:directory",
    };

    // FileShare.None takes flock(2), which the kernel lets go however the process ends.
    private static FileStream OpenLock(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
