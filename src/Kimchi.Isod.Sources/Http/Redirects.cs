using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The way of one request from its URL to where the file is: capped, checked hop by hop, and careful with credentials.</summary>
internal sealed class Redirects
{
    private readonly RemoteRequest _request;
    private readonly NetworkOptions _options;
    private readonly HashSet<string> _visited;

    public Redirects(RemoteRequest request, NetworkOptions options)
    {
        _request = request;
        _options = options;
        _visited = new HashSet<string>(StringComparer.Ordinal) { request.Url.Uri.AbsoluteUri };
        Target = request.Url;
        Credentials = Own;
    }

    /// <summary>Where to send the next request.</summary>
    public RemoteUrl Target { get; private set; }

    /// <summary>What to send to <see cref="Target"/>: the user's credentials only to the scheme, host and port they were given for,
    /// those in a Location only there.</summary>
    public Credentials? Credentials { get; private set; }

    private Credentials? Own => _request.Credentials ?? _request.Url.Credentials;

    public static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is
        HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Takes the next hop.</summary>
    /// <exception cref="DownloadException">It is not to be followed.</exception>
    public void Follow(HttpResponseMessage response)
    {
        var next = Parse(ReadLocation(response));
        if (next.Uri.Scheme is not ("http" or "https"))
            throw Refuse($"a redirect to a {next.Uri.Scheme} URL");
        if (Target.Uri.Scheme == "https" && next.Uri.Scheme == "http" && !_options.AllowDowngrade)
            throw Refuse($"a redirect from https to {next}, which is not encrypted (network:allow_downgrade permits it)");
        // No cookies are kept, so an address seen before gives the same reply again.
        if (!_visited.Add(next.Uri.AbsoluteUri))
            throw Refuse($"redirects in a circle, back to {next}; open the URL in a browser and look");
        if (_visited.Count > _options.MaxRedirects + 1)
            throw Refuse($"more than {_options.MaxRedirects} redirects (network:max_redirects)");
        Credentials = CredentialsFor(next);
        Target = next;
    }

    private Credentials? CredentialsFor(RemoteUrl next)
    {
        if (next.Credentials is { } given) return given;
        if (IsSameOrigin(next.Uri, Target.Uri)) return Credentials;
        return IsSameOrigin(next.Uri, _request.Url.Uri) ? Own : null;
    }

    private string ReadLocation(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values) && values.Count == 1
            ? values.First().Trim()
            : throw Refuse($"a redirect ({(int)response.StatusCode}) without one Location");

    private RemoteUrl Parse(string location)
    {
        try
        {
            // RFC 9110, section 10.2.2: the reference may be relative to the request's target.
            return Uri.TryCreate(Target.Uri, location, out var address)
                ? RemoteUrl.Parse(address.AbsoluteUri)
                : throw Refuse("a redirect whose Location is no address");
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.UrlInvalid)
        {
            throw Refuse($"a redirect that is not followed: {e.Message}");
        }
        catch (IndexOutOfRangeException)
        {
            // System.Uri of .NET 10: TryCreate does so at "file://" with nothing but marks of the writing direction behind it.
            throw Refuse("a redirect whose Location is no address");
        }
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private DownloadException Refuse(string why) => new(DownloadErrorKind.RemoteUnreadable, $"{Target}: the server sent {why}");
}
