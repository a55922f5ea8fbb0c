using System.Collections.Concurrent;
using Kimchi.Isod.Core.Errors;
using Microsoft.Extensions.Logging;

namespace Kimchi.Isod.Sources.Network;

/// <summary>The certificates that hosts want from us: <see cref="NetworkOptions.ClientCertificates"/>. Read again when a file has changed.</summary>
internal sealed class ClientCertificates
{
    /// <summary>What the names of the files begin with that systemd makes of a folder: systemd.exec(5), LoadCredential=.</summary>
    public const string CredentialPrefix = "client_certificates_";

    private const string Ending = ".pem";

    private readonly ConcurrentDictionary<string, ClientCertificate> _known = new(StringComparer.Ordinal);
    private readonly string? _folder;
    private readonly ILogger _logger;

    /// <summary>Reads all that are there, so that a bad one is told at once.</summary>
    /// <exception cref="IOException">The folder or one of its files cannot be used.</exception>
    public ClientCertificates(NetworkOptions options, ILogger logger)
    {
        (_folder, _logger) = (options.ClientCertificates, logger);
        foreach (var path in Files()) Load(path);
    }

    /// <summary>The certificate for a host; null where there is none.</summary>
    /// <exception cref="DownloadException">Its file cannot be used: nothing is done without it.</exception>
    public ClientCertificate? Find(Uri url)
    {
        if (_folder is null) return null;
        var host = url.IdnHost.TrimEnd('.');
        try
        {
            if (Files().FirstOrDefault(file => HostOf(file).Equals(host, StringComparison.OrdinalIgnoreCase)) is not { } path) return null;
            return _known.TryGetValue(path, out var known) && known.Stamp == ClientCertificate.StampOf(path) ? known : Load(path);
        }
        catch (IOException e)
        {
            throw new DownloadException(DownloadErrorKind.RemoteUnreadable, e.Message, e);
        }
    }

    private static string HostOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name.StartsWith(CredentialPrefix, StringComparison.Ordinal) ? name[CredentialPrefix.Length..] : name;
    }

    private IReadOnlyList<string> Files()
    {
        if (_folder is null) return [];
        try
        {
            return [.. Directory.GetFiles(_folder).Where(file => file.EndsWith(Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"network:client_certificates: {_folder} cannot be read: {e.Message}", e);
        }
    }

    private ClientCertificate Load(string path)
    {
        var loaded = _known[path] = ClientCertificate.Load(path);
        // systemd lets nobody else into the folder of its credentials, whatever the files' modes say.
        if (loaded.IsOpenToOthers && !Path.GetFileName(path).StartsWith(CredentialPrefix, StringComparison.Ordinal)) _logger.KeyIsReadable(path);
        return loaded;
    }
}
