using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Signatures.Packets;

namespace Kimchi.Isod.Signatures.Keys;

/// <summary>The folder of keyrings. They are read at each use: what the administrator changes counts at once.</summary>
/// <param name="path">The folder.</param>
internal sealed class KeyringFolder(string path)
{
    // All that distribution-gpg-keys has is 3 MB, in 1000 files; Debian's developers' is 30.
    private const long MostBytes = 64 << 20;
    private const int MostNamed = 10;

    /// <summary>Reads a keyring.</summary>
    /// <param name="name">The file's name.</param>
    /// <exception cref="DownloadException">There is no such file, or it is no keyring.</exception>
    public Keyring Open(string name)
    {
        var file = new FileInfo(Path.Combine(path, name));
        try
        {
            if (Path.GetFileName(name) != name) throw Unusable(name, "its name is a path; give the name of a file in trust:keyrings");
            if (!file.Exists) throw Unusable(name, $"there is none in {path} (trust:keyrings){Others()}");
            // What is no regular file, such as a pipe, has no length, and would be waited for.
            var length = new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName).Length;
            if (length > MostBytes) throw Unusable(name, $"it has more than {MostBytes} bytes; export only the keys that are to be trusted");
            return Keyring.Read(length == 0 ? Array.Empty<byte>() : File.ReadAllBytes(file.FullName));
        }
        catch (MalformedException e)
        {
            throw Unusable(name, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(name, e.Message, e);
        }
    }

    private string Others()
    {
        if (!Directory.Exists(path)) return "; there is no such folder";
        var names = Directory.EnumerateFiles(path).Select(Path.GetFileName).Take(MostNamed + 1).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0) return ", which is empty";
        return $"; there are {string.Join(", ", names.Take(MostNamed))}{(names.Count > MostNamed ? ", …" : "")}";
    }

    private static DownloadException Unusable(string name, string why, Exception? inner = null) =>
        new(DownloadErrorKind.SignatureInvalid, $"the keyring '{name}' cannot be used: {why}", inner);
}
