using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>A metalink as a remote file.</summary>
internal static class MetalinkDocument
{
    private static readonly string[] Suffixes = [".meta4", ".metalink"];

    // RFC 5854, section 8.1, and what version 3 has been sent as.
    private static readonly string[] MediaTypes = ["application/metalink4+xml", "application/metalink+xml"];

    /// <summary>Whether an address has the name of a metalink.</summary>
    public static bool IsNamedAsOne(RemoteUrl url) => Suffix(url.FileName) is not null;

    /// <summary>Whether a server says that a file is a metalink.</summary>
    public static bool IsLabelledAsOne(RemoteFileInfo info) => MediaTypes.Contains(info.ContentType, StringComparer.Ordinal);

    /// <summary>The address of the file that a metalink lies beside, by its name: without the suffix, where it has one.</summary>
    public static RemoteUrl WithoutSuffix(RemoteUrl url)
    {
        var address = url.Uri.GetLeftPart(UriPartial.Path);
        return Suffix(address) is { } suffix ? RemoteUrl.Parse(address[..^suffix.Length]).WithCredentials(url.Credentials) : url;
    }

    /// <summary>Reads a metalink from its first byte to its last.</summary>
    /// <param name="file">Where it comes from.</param>
    /// <param name="url">Its address, for messages.</param>
    /// <param name="names">Names that the file may have: <see cref="MetalinkReader.Read"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DownloadException">It cannot be read, or cannot be used (<see cref="DownloadErrorKind.MetalinkInvalid"/>).</exception>
    public static async Task<Metalink> ReadAsync(IRemoteFile file, RemoteUrl url, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var bytes = await SmallFile.ReadAsync(file, MetalinkReader.MostBytes, cancellationToken);
        try
        {
            return MetalinkReader.Read(bytes, names);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.MetalinkInvalid)
        {
            throw new DownloadException(e.Kind, $"{url}: {e.Message}", e);
        }
    }

    private static string? Suffix(string name) => Suffixes.FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));
}
