using System.Net;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Sources.Network;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The way of one request from its URL to where the file is: capped, checked hop by hop, and careful with credentials.</summary>
internal sealed class Redirects
{
    private readonly RemoteRequest _request;
    private readonly NetworkOptions _options;
    private readonly Netrc? _netrc;
    private readonly CookieJar _jar;
    private readonly HashSet<string> _visited;
    private Credentials? _given;
    private int _count;
    private bool _wasEncrypted;

    public Redirects(RemoteRequest request, NetworkOptions options, Netrc? netrc = null, TimeProvider? time = null)
    {
        _request = request;
        _options = options;
        _netrc = netrc;
        _jar = new CookieJar(time ?? TimeProvider.System);
        Target = request.Url;
        _given = Own;
        _visited = new HashSet<string>(StringComparer.Ordinal) { Place };
    }

    /// <summary>Where to send the next request.</summary>
    public RemoteUrl Target { get; private set; }

    /// <summary>What to send to <see cref="Target"/>: the user's credentials only to the scheme, host and port they were given for,
    /// those in a Location only there, those of netrc to the host that they are for, and none in plain text after TLS.</summary>
    public Credentials? Credentials => _given ?? (_wasEncrypted && Target.Uri.Scheme == "http" ? null : _netrc?.Find(Target.Uri));

    /// <summary>The user's headers for <see cref="Target"/>; null for none, and where it is not the server that they are for.</summary>
    public OriginHeaders? Headers => _request.Headers?.AreFor(Target) is true ? _request.Headers : null;

    /// <summary>The cookies for <see cref="Target"/>: the user's, then those that the hops before have set; empty for none.</summary>
    public string Cookies => Headers?.Find("Cookie") is { Length: > 0 } own
        ? string.Join("; ", new[] { own, _jar.HeaderFor(Target.Uri) }.Where(cookies => cookies.Length > 0))
        : _jar.HeaderFor(Target.Uri);

    /// <summary>The file's name where redirects have led to one of another name; null else.</summary>
    public string? FileName => Target.FileName is { Length: > 0 } name && name != _request.Url.FileName ? name : null;

    /// <summary>Whether <see cref="Target"/> is on another server than the URL: a mirror, say.</summary>
    public bool IsElsewhere => !IsSameHost(Target.Uri, _request.Url.Uri)
        || (Target.Uri.Port != _request.Url.Uri.Port && !(Target.Uri.IsDefaultPort && _request.Url.Uri.IsDefaultPort));

    /// <summary>What the server of the URL has said of the file so far.</summary>
    public OriginWord Word { get; private set; } = OriginWord.None;

    private Credentials? Own => _request.Credentials ?? _request.Url.Credentials;

    // The same request gives the same reply again; one with other cookies is another.
    private string Place => $"{Target.Uri.AbsoluteUri}\n{Cookies}";

    public static bool IsRedirect(HttpResponseMessage response) => response.StatusCode is
        HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Notes what the present hop says of the file, where it is the URL's own server and its certificate was checked.</summary>
    public void Hear(HttpResponseMessage response)
    {
        if (Target.IsEncrypted && !_options.InsecureTls && IsSameOrigin(Target.Uri, _request.Url.Uri)) Word = Word.And(OriginWord.Read(response, Target));
    }

    /// <summary>Takes the next hop.</summary>
    /// <exception cref="DownloadException">It is not to be followed.</exception>
    public void Follow(HttpResponseMessage response)
    {
        var next = Parse(ReadLocation(response));
        if (next.Uri.Scheme is not ("http" or "https"))
            throw Refuse($"a redirect to a {next.Uri.Scheme} URL");
        if (Target.Uri.Scheme == "https" && next.Uri.Scheme == "http" && !_options.AllowDowngrade)
            throw Refuse($"a redirect from https to {next}, which is not encrypted (network:allow_downgrade permits it)");
        _jar.Keep(Target.Uri, response);
        _wasEncrypted |= Target.Uri.Scheme == "https";
        _given = GivenFor(next);
        var from = Target;
        Target = next;
        if (!_visited.Add(Place))
            throw Refuse(from, $"redirects in a circle, back to {next}; open the URL in a browser and look");
        if (++_count > _options.MaxRedirects)
            throw Refuse(from, $"more than {_options.MaxRedirects} redirects (network:max_redirects)");
    }

    /// <summary>Sorts a failure of the present hop: where the URL leads to several hosts in turn, another try may reach a better one.</summary>
    public DownloadException Judge(DownloadException failure) =>
        IsElsewhere && failure.IsTransient ? failure.OfMirror() : failure;

    private Credentials? GivenFor(RemoteUrl next)
    {
        if (next.Credentials is { } given) return _netrc?.Complete(given, next.Uri) ?? given;
        if (IsSameOrigin(next.Uri, Target.Uri)) return _given;
        return IsSameOrigin(next.Uri, _request.Url.Uri) ? Own : null;
    }

    // Servers and the proxies before them sometimes set the same one twice.
    private string ReadLocation(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Location", out var values)
            && values.Select(v => v.Trim(' ', '\t')).Distinct(StringComparer.Ordinal).ToArray() is [var location]
            ? location
            : throw Refuse($"a redirect ({(int)response.StatusCode}) without one Location");

    private RemoteUrl Parse(string location)
    {
        try
        {
            // RFC 9110, section 10.2.2: the reference may be relative to the request's target.
            return Uri.TryCreate(Target.Uri, LocationText.Decode(location), out var address)
                ? HostNames.Map(RemoteUrl.Parse(address.AbsoluteUri))
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

    private static bool IsSameOrigin(Uri one, Uri other) => one.Scheme == other.Scheme && one.Port == other.Port && IsSameHost(one, other);

    private static bool IsSameHost(Uri one, Uri other) => one.IdnHost.Equals(other.IdnHost, StringComparison.OrdinalIgnoreCase);

    private DownloadException Refuse(string why) => Refuse(Target, why);

    private static DownloadException Refuse(RemoteUrl from, string why) => new(DownloadErrorKind.RemoteUnreadable, $"{from}: the server sent {why}");
}
