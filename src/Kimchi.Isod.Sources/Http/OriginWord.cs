using System.Globalization;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Sources.Http;

/// <summary>What the server of a URL vouches for of the file, whatever mirror it redirects to: where else it is, and what it hashes to
/// (RFC 6249). Only of a server that has proven who it is; a mirror's own word counts for nothing.</summary>
internal sealed record OriginWord(IReadOnlyList<Mirror> Mirrors, string? Digest, RemoteUrl? Metalink)
{
    private const string MetalinkType = "application/metalink4+xml";

    /// <summary>Nothing.</summary>
    public static OriginWord None { get; } = new([], null, null);

    /// <summary>Reads the headers of a reply.</summary>
    /// <param name="response">The reply.</param>
    /// <param name="url">What it is the reply for.</param>
    public static OriginWord Read(HttpResponseMessage response, RemoteUrl url)
    {
        var links = Values(response, "Link").SelectMany(WebLink.Parse).ToList();
        var mirrors = links.Where(link => link.Is("duplicate"))
            .Select(link => Resolve(url, link.Target) is { } target ? new Mirror(target, Priority(link), Mirror.ReadLocation(link["geo"])) : null);
        return new OriginWord(
            Mirror.Best(mirrors.OfType<Mirror>().Where(mirror => mirror.Url.Uri != url.Uri)),
            ReprDigest.Find([.. Values(response, "Repr-Digest"), .. Values(response, "Digest")]),
            links.Where(IsMetalink).Select(link => Resolve(url, link.Target)).OfType<RemoteUrl>().FirstOrDefault());
    }

    /// <summary>This with what a later reply of the same server says: that counts where it says anything.</summary>
    public OriginWord And(OriginWord later) => new(
        later.Mirrors.Count > 0 ? later.Mirrors : Mirrors, later.Digest ?? Digest, later.Metalink ?? Metalink);

    private static bool IsMetalink(WebLink link) =>
        link.Is("describedby") && link["type"]?.Split(';')[0].Trim().Equals(MetalinkType, StringComparison.OrdinalIgnoreCase) == true;

    private static int Priority(WebLink link) =>
        int.TryParse(link["pri"], NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority is >= 1 and <= Mirror.Last ? priority : Mirror.Last;

    private static RemoteUrl? Resolve(RemoteUrl url, string target)
    {
        try
        {
            return Uri.TryCreate(url.Uri, LocationText.Decode(target), out var address) ? RemoteUrl.Parse(address.AbsoluteUri) : null;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or DownloadException { Kind: DownloadErrorKind.UrlInvalid })
        {
            // The first is of System.Uri: Redirects. What cannot be fetched is passed over.
            return null;
        }
    }

    private static IEnumerable<string> Values(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? [.. values] : [];
}
