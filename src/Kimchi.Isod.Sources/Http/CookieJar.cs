using System.Globalization;
using System.Net;

namespace Kimchi.Isod.Sources.Http;

/// <summary>The cookies of one exchange: what a redirect sets, the next hops get that it is for (RFC 6265). Nothing outlives the exchange.</summary>
internal sealed class CookieJar(TimeProvider time)
{
    // Section 6.1 asks for as many of one domain, and as large ones.
    private const int MostCookies = 50;
    private const int LongestCookie = 4096;

    private static readonly char[] Blanks = [' ', '\t'];

    private readonly List<Cookie> _cookies = [];

    /// <summary>Keeps the cookies of a reply: section 5.3.</summary>
    /// <param name="from">The URL that was answered.</param>
    /// <param name="response">The reply.</param>
    public void Keep(Uri from, HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Set-Cookie", out var lines)) return;
        foreach (var line in lines)
        {
            if (line.Length <= LongestCookie && Read(from, line) is { } cookie) Keep(cookie);
        }
    }

    /// <summary>The value of the Cookie header for a request, empty for none: section 5.4, longer paths first, then in the order they came.</summary>
    public string HeaderFor(Uri target) => string.Join("; ", _cookies
        .Where(cookie => cookie.IsFor(target)).OrderByDescending(cookie => cookie.Path.Length).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    private void Keep(Cookie cookie)
    {
        // One that is set again keeps its place.
        var at = _cookies.FindIndex(c => (c.Name, c.Domain, c.Path) == (cookie.Name, cookie.Domain, cookie.Path));
        if (cookie.IsOver && at >= 0) _cookies.RemoveAt(at);
        else if (at >= 0) _cookies[at] = cookie;
        else if (!cookie.IsOver && _cookies.Count < MostCookies) _cookies.Add(cookie);
    }

    // Section 5.2. The last of several attributes of one name counts, for which a dictionary is made in their order.
    private Cookie? Read(Uri from, string line)
    {
        var parts = line.Split(';');
        if (parts[0].Split('=', 2) is not [var name, var value] || name.Trim(Blanks).Length == 0 || line.Any(c => char.IsControl(c) && c != '\t')) return null;
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1).Select(p => p.Split('=', 2))) attributes[part[0].Trim(Blanks)] = part.Length == 2 ? part[1].Trim(Blanks) : "";
        var domain = attributes.GetValueOrDefault("Domain", "").TrimStart('.').ToLowerInvariant();
        var host = from.IdnHost.ToLowerInvariant();
        if (domain.Length > 0 && !MayBeSetBy(host, domain)) return null;
        var path = attributes.GetValueOrDefault("Path", "") is ['/', ..] given ? given : DefaultPath(from);
        return new Cookie(
            name.Trim(Blanks), value.Trim(Blanks), domain.Length > 0 ? domain : host, domain.Length == 0 || domain == host && IPAddress.TryParse(host, out _),
            path, attributes.ContainsKey("Secure"), IsOver(attributes));
    }

    // For the host itself and those beside it, but not for a whole top-level domain.
    private static bool MayBeSetBy(string host, string domain) =>
        host == domain || (domain.Contains('.', StringComparison.Ordinal) && Cookie.IsBelow(host, domain));

    // Section 5.1.4.
    private static string DefaultPath(Uri from) =>
        from.AbsolutePath.LastIndexOf('/') is > 0 and var end ? from.AbsolutePath[..end] : "/";

    // Max-Age counts before Expires. A time that cannot be read is none.
    private bool IsOver(Dictionary<string, string> attributes)
    {
        if (attributes.TryGetValue("Max-Age", out var age) && long.TryParse(age, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return seconds <= 0;
        return attributes.TryGetValue("Expires", out var expires)
            && DateTimeOffset.TryParse(expires.Replace('-', ' '), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            && end <= time.GetUtcNow();
    }

    private sealed record Cookie(string Name, string Value, string Domain, bool IsOfHostOnly, string Path, bool IsSecure, bool IsOver)
    {
        public bool IsFor(Uri target)
        {
            var host = target.IdnHost.ToLowerInvariant();
            return (host == Domain || (!IsOfHostOnly && IsBelow(host, Domain)))
                && (!IsSecure || target.Scheme == "https") && IsPathFor(target.AbsolutePath);
        }

        // Section 5.1.3. An address has no names below it.
        public static bool IsBelow(string host, string domain) =>
            host.EndsWith("." + domain, StringComparison.Ordinal) && !IPAddress.TryParse(host, out _);

        private bool IsPathFor(string path) =>
            path == Path || (path.StartsWith(Path, StringComparison.Ordinal) && (Path[^1] == '/' || path[Path.Length] == '/'));
    }
}
