using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Where a user says that a file is: its URL, mirrors of it, a metalink.</summary>
internal sealed class RequestedSources
{
    private RequestedSources(RemoteUrl url, OriginHeaders? headers) => (Url, Headers) = (url, headers);

    /// <summary>The file's address, with the credentials for it.</summary>
    public RemoteUrl Url { get; }

    /// <summary>The user's headers, for the server of <see cref="Url"/>; null for none.</summary>
    public OriginHeaders? Headers { get; }

    /// <summary>Where it is, too, each with the credentials for it. None is better than another but by its place.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; private init; } = [];

    /// <summary>A metalink that has it, with the credentials for that; null for none, and where <see cref="Url"/> is one.</summary>
    public RemoteUrl? Metalink { get; private init; }

    /// <summary>Reads the fields of a request.</summary>
    /// <exception cref="DownloadException">One of them is unusable, or two of them exclude each other.</exception>
    public static RequestedSources From(StartRequest request)
    {
        var sources = Of(request.Url, request.Credentials, request.Headers);
        if (request.Connections is { } connections && connections is < 1 or > DownloadOptions.MostConnections)
            throw Invalid($"the field 'connections' is {connections}: give a number from 1 to {DownloadOptions.MostConnections}, or leave it out for downloads:connections");
        if (request.Mirrors.Count > Mirror.Most)
            throw Invalid($"the field 'mirrors' has {request.Mirrors.Count} URLs: give at most {Mirror.Most}, the best first");
        var metalink = request.MetalinkUrl is { } address ? RemoteUrl.ParseField("metalink_url", address) : null;
        if (metalink is not null && MetalinkDocument.IsNamedAsOne(sources.Url))
            throw Invalid("the 'url' is a metalink itself, and so is 'metalink_url': give one of them, or as 'url' the image");
        var mirrors = request.Mirrors.Select((mirror, i) => new Mirror(sources.WithCredentials(RemoteUrl.ParseField($"mirrors[{i}]", mirror ?? "")), Priority: 1, Location: null));
        return new RequestedSources(sources.Url, sources.Headers)
        {
            Mirrors = [.. mirrors],
            Metalink = metalink is null ? null : sources.WithCredentials(metalink),
        };
    }

    /// <summary>Reads an address alone.</summary>
    /// <exception cref="DownloadException">It is unusable.</exception>
    public static RequestedSources Of(string address, Credentials? credentials, IReadOnlyDictionary<string, string?> headers)
    {
        var url = RemoteUrl.Parse(address);
        url = url.WithCredentials(credentials ?? url.Credentials);
        var own = OriginHeaders.Read(url, headers);
        if (url.Credentials is not null && own?.Has("Authorization") is true)
            throw Invalid("headers: 'Authorization' and a user name exclude each other: give one of them");
        return new RequestedSources(url, own);
    }

    /// <summary>The same address with the credentials that are for it: its own, else those of the URL on the URL's server only.</summary>
    public RemoteUrl WithCredentials(RemoteUrl other) => other.Credentials is null && other.IsSameServerAs(Url) ? other.WithCredentials(Url.Credentials) : other;

    private static DownloadException Invalid(string why) => new(DownloadErrorKind.FieldInvalid, why);
}
