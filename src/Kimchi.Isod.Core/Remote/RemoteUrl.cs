using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Remote;

/// <summary>The address of a remote file, its credentials kept apart. Its text form is the redacted one.</summary>
public sealed class RemoteUrl
{
    // The one scheme whose port System.Uri does not know. IANA: ftps, 990/tcp.
    private const int ImplicitFtpsPort = 990;

    private static readonly string[] Schemes = [Uri.UriSchemeHttp, Uri.UriSchemeHttps, Uri.UriSchemeFtp, Uri.UriSchemeFtps];

    private RemoteUrl(Uri uri, Credentials? credentials)
    {
        Uri = uri;
        Credentials = credentials;
    }

    /// <summary>The address without user information and fragment. Its query may hold secrets: do not show it.</summary>
    public Uri Uri { get; }

    /// <summary>The user information of the URL, percent-decoded, or null when it had none.</summary>
    public Credentials? Credentials { get; }

    /// <summary>The port: the URL's, else the one that its scheme stands for.</summary>
    public int Port => Uri.Port > 0 ? Uri.Port : ImplicitFtpsPort;

    /// <summary>Host and port, for messages.</summary>
    public string Server => $"{Uri.Host}:{Port}";

    /// <summary>The last segment of the path, percent-decoded; empty when the path ends in a slash.</summary>
    public string FileName => Uri.AbsolutePath.EndsWith('/') ? "" : Uri.UnescapeDataString(Uri.Segments[^1]);

    /// <summary>Reads a URL.</summary>
    /// <exception cref="DownloadException">Not an absolute http, https, ftp or ftps URL with a host
    /// (<see cref="DownloadErrorKind.UrlInvalid"/>).</exception>
    public static RemoteUrl Parse(string text)
    {
        if (text.Any(char.IsControl) || text != text.Trim())
            throw Invalid("it has white space around it or a control character in it");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || !text.Contains("://", StringComparison.Ordinal))
            throw Invalid("it is not an absolute URL");
        if (!Schemes.Contains(uri.Scheme, StringComparer.Ordinal))
            throw Invalid($"its scheme '{uri.Scheme}' is not one of http, https, ftp, ftps");
        if (uri.Host.Length == 0)
            throw Invalid("it names no host");
        return new RemoteUrl(WithoutUserInfo(uri), Credentials.FromUserInfo(uri.UserInfo));
    }

    /// <summary>Scheme, host, port and path. A query is shown as <c>?…</c>, since presigned URLs keep their secret there.</summary>
    public override string ToString() => Redact(Uri);

    /// <summary>The form of any address that may be shown: no user information, no query, no fragment.</summary>
    public static string Redact(Uri uri) =>
        uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
        + (uri.Query.Length > 1 ? "?…" : "");

    private static Uri WithoutUserInfo(Uri uri) =>
        new(uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped), UriKind.Absolute);

    private static DownloadException Invalid(string why) =>
        new(DownloadErrorKind.UrlInvalid, $"the URL cannot be used: {why}; give one such as https://host/path/image.iso");
}
