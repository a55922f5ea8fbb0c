using System.Text;
using Kimchi.Isod.Core.Errors;

namespace Kimchi.Isod.Core.Remote;

/// <summary>The address of a remote file, its credentials kept apart. Its text form is the redacted one.</summary>
public sealed class RemoteUrl
{
    /// <summary>What is shown in place of a query.</summary>
    public const string HiddenQuery = "?…";

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

    /// <summary>The last part of the path, percent-decoded, of that what stands behind the last slash; empty when the path ends in one.</summary>
    public string FileName => UrlFileNames.Last(Uri);

    /// <summary>The names that the file may have by this address, best first.</summary>
    public IEnumerable<string> FileNames => UrlFileNames.Of(Uri);

    /// <summary>The same address on a host of another name.</summary>
    /// <exception cref="DownloadException">No host can have that name (<see cref="DownloadErrorKind.UrlInvalid"/>).</exception>
    public RemoteUrl WithHost(string host) =>
        new(Parse($"{Uri.Scheme}://{host}{(Uri.IsDefaultPort ? "" : $":{Uri.Port}")}{Uri.PathAndQuery}").Uri, Credentials);

    /// <summary>The same address with other credentials.</summary>
    public RemoteUrl WithCredentials(Credentials? credentials) => new(Uri, credentials);

    /// <summary>Whether another address is on the same server, by the same protocol: whose credentials are the same.</summary>
    public bool IsSameServerAs(RemoteUrl other) => Uri.Scheme == other.Uri.Scheme && Server == other.Server;

    /// <summary>Whether it is reached by TLS in any case.</summary>
    public bool IsEncrypted => Uri.Scheme == Uri.UriSchemeHttps || Uri.Scheme == Uri.UriSchemeFtps;

    /// <summary>Whether it is of HTTP or HTTPS.</summary>
    public bool IsHttp => Uri.Scheme == Uri.UriSchemeHttp || Uri.Scheme == Uri.UriSchemeHttps;

    /// <summary>Reads the URL in a field of a request, which the message of a failure names.</summary>
    /// <inheritdoc cref="Parse"/>
    public static RemoteUrl ParseField(string field, string text)
    {
        try
        {
            return Parse(text);
        }
        catch (DownloadException e)
        {
            throw new DownloadException(e.Kind, $"{field}: {e.Message}", e);
        }
    }

    /// <summary>Reads a URL.</summary>
    /// <exception cref="DownloadException">Not an absolute http, https, ftp or ftps URL with a host
    /// (<see cref="DownloadErrorKind.UrlInvalid"/>).</exception>
    public static RemoteUrl Parse(string text)
    {
        if (text.Any(char.IsControl) || text != text.Trim())
            throw Invalid("it has white space around it or a control character in it");
        // Before System.Uri reads it, whose TryCreate throws at some file URLs (.NET 10: "file://" and a mark of the writing direction).
        if (!Schemes.Any(scheme => text.StartsWith($"{scheme}://", StringComparison.OrdinalIgnoreCase)))
            throw Invalid("it does not begin with http://, https://, ftp:// or ftps://");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
            throw Invalid("it is not an absolute URL");
        if (WithoutUserInfo(uri) is not { } address)
            throw Invalid("it names no host, or one that cannot be");
        if (address.Port == 0)
            throw Invalid("it names port 0, which nothing can be reached at");
        // As in http://http://user:password@host: the user and the password would be shown as parts of the path.
        if (Schemes.Contains(uri.Host, StringComparer.Ordinal) && uri.AbsolutePath.Contains('@', StringComparison.Ordinal))
            throw Invalid("it has a scheme twice");
        return new RemoteUrl(address, Credentials.FromUserInfo(uri.UserInfo));
    }

    /// <summary>Scheme, host, port and path. A query is shown as <c>?…</c>, since presigned URLs keep their secret there.</summary>
    public override string ToString() => Redact(Uri);

    /// <summary>The form of any address that may be shown: no user information, no query, no fragment.</summary>
    public static string Redact(Uri uri)
    {
        var shown = uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        // FTP knows no query, so what looks like one is in the path (RFC 1738, section 3.2). It may have been meant as a secret.
        var mark = uri.Scheme == Uri.UriSchemeFtp ? shown.IndexOf("%3F", StringComparison.OrdinalIgnoreCase) : -1;
        return (mark < 0 ? shown : shown[..mark]) + (mark >= 0 || uri.Query.Length > 1 ? HiddenQuery : "");
    }

    // System.Uri takes hosts that it cannot write, with halves of characters or marks of the writing direction in them.
    private static Uri? WithoutUserInfo(Uri uri)
    {
        try
        {
            var address = new Uri(uri.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped), UriKind.Absolute);
            return address.IdnHost.Length > 0 && Ascii.IsValid(address.IdnHost) ? address : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    private static DownloadException Invalid(string why) =>
        new(DownloadErrorKind.UrlInvalid, $"the URL cannot be used: {why}; give one such as https://host/path/image.iso");
}
