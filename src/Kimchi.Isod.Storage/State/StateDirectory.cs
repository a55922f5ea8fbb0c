namespace Kimchi.Isod.Storage.State;

/// <summary>The state store's directory, held by one daemon at a time.</summary>
public sealed class StateDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

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
        catch (IOException e) when (Directory.Exists(path))
        {
            throw new StateStoreException(
                $"the state directory {path} is in use by another kimchi-isod ({e.Message}); stop that one, or set state:directory", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException(
                $"the state directory {path} cannot be used: {e.Message}; mend its permissions, or set state:directory", e);
        }
    }

    /// <summary>Lets another daemon have it.</summary>
    public void Dispose() => _lock.Dispose();

    // FileShare.None takes flock(2), which the kernel lets go however the process ends.
    private static FileStream OpenLock(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
