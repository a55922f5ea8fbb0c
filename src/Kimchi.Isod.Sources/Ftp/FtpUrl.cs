using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Ftp;

/// <summary>An FTP address as libcurl takes it: RFC 1738, section 3.2. Its path is relative to the login's directory, absolute where
/// it begins with <c>%2F</c>.</summary>
internal sealed class FtpUrl
{
    private const string TypeMark = ";type=";

    private readonly string _path;

    /// <summary>Reads an address.</summary>
    /// <exception cref="DownloadException">It names a directory, or would change the bytes, or the commands.</exception>
    public FtpUrl(RemoteUrl url)
    {
        Url = url;
        _path = WithoutType(url);
        if (PathBytes.Decode(_path).Any(b => b is < 0x20 or 0x7f) || Uri.UnescapeDataString(_path).Any(char.IsControl)) throw Invalid("its path has a control character in it");
        if (url.Uri.Query.Length > 0) throw Invalid("it has a query, which FTP does not know; write a '?' that is part of a file's name as %3F");
        if (_path.EndsWith('/'))
        {
            throw new DownloadException(
                DownloadErrorKind.NotAnImage, $"{url}: the URL names a directory, not a file; give one that ends in the file's name");
        }

        var name = _path[(_path.LastIndexOf('/') + 1)..];
        FileNameBytes = PathBytes.Decode(name);
        FileName = PathBytes.Show(FileNameBytes) is var shown && shown.Any(char.IsControl) ? Uri.UnescapeDataString(name) : shown;
    }

    public RemoteUrl Url { get; }

    /// <summary>The last segment of the path, percent-decoded.</summary>
    public string FileName { get; }

    /// <summary>The same as the server takes it.</summary>
    public byte[] FileNameBytes { get; }

    /// <summary>The host as libcurl wants it in a URL.</summary>
    public string Host => Url.Uri.HostNameType is UriHostNameType.IPv6 ? $"[{Url.Uri.DnsSafeHost}]" : Url.Uri.IdnHost;

    /// <summary>Whether TLS is spoken from the first byte.</summary>
    public bool IsImplicitTls => Url.Uri.Scheme == Uri.UriSchemeFtps;

    /// <summary>The URL for libcurl.</summary>
    /// <param name="scheme">ftp or ftps, whatever was asked for.</param>
    public string ForTransfer(string scheme) => $"{scheme}://{Host}:{Url.Port}{_path}";

    /// <summary>Tells libcurl where the host is: <c>CURLOPT_RESOLVE</c>.</summary>
    public string ResolveTo(IEnumerable<IPAddress> addresses) =>
        $"{Host}:{Url.Port}:{string.Join(',', addresses.Select(a => a.ToString().Contains(':', StringComparison.Ordinal) ? $"[{a}]" : a.ToString()))}";

    private static string WithoutType(RemoteUrl url)
    {
        var path = url.Uri.AbsolutePath;
        var mark = path.LastIndexOf(TypeMark, StringComparison.OrdinalIgnoreCase);
        if (mark < 0) return path;
        return path[(mark + TypeMark.Length)..] is "i" or "I"
            ? path[..mark]
            : throw Invalid("only binary transfers are made (';type=i'), since any other changes the bytes");
    }

    private static DownloadException Invalid(string why) => new(DownloadErrorKind.UrlInvalid, $"the URL cannot be used: {why}");
}
