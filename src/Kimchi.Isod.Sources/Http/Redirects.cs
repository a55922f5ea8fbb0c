using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The way of one request from its URL to where the file is: capped, checked hop by hop, and careful with credentials.</summary>
internal sealed class Redirects
{
    private readonly Uri _start;
    private readonly Credentials? _credentials;
    private readonly NetworkOptions _options;
    private int _count;

    public Redirects(RemoteUrl start, Credentials? credentials, NetworkOptions options)
    {
        _start = start.Uri;
        _credentials = credentials;
        _options = options;
        Target = start;
    }

    /// <summary>Where to send the next request.</summary>
    public RemoteUrl Target { get; private set; }

    /// <summary>What to send to <see cref="Target"/>: the user's credentials only where he meant them to go.</summary>
    public Credentials? Credentials => IsSameOrigin(Target.Uri, _start) ? _credentials : Target.Credentials;

    public static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is
        HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Takes the next hop.</summary>
    /// <exception cref="DownloadException">It is not to be followed.</exception>
    public void Follow(HttpResponseMessage response)
    {
        if (++_count > _options.MaxRedirects)
            throw Refuse($"more than {_options.MaxRedirects} redirects (network:max_redirects)");
        var location = response.Headers.Location ?? throw Refuse("a redirect without a Location");
        var next = Parse(new Uri(Target.Uri, location));
        if (next.Uri.Scheme is not ("http" or "https"))
            throw Refuse($"a redirect to a {next.Uri.Scheme} URL");
        if (Target.Uri.Scheme == "https" && next.Uri.Scheme == "http" && !_options.AllowDowngrade)
            throw Refuse($"a redirect from https to {next}, which is not encrypted (network:allow_downgrade permits it)");
        Target = next;
    }

    private RemoteUrl Parse(Uri location)
    {
        try
        {
            return RemoteUrl.Parse(location.AbsoluteUri);
        }
        catch (DownloadException e)
        {
            throw Refuse($"a redirect that cannot be followed: {e.Message}");
        }
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && one.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    private DownloadException Refuse(string why) => new(DownloadErrorKind.RemoteUnreadable, $"{Target}: the server sent {why}");
}
