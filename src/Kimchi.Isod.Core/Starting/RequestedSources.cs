using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Metalinks;
using Kimchi.Isod.Core.Options;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Starting;

/// <summary>Where a user says that a file is: its URL, mirrors of it, a metalink.</summary>
internal sealed class RequestedSources
{
    private RequestedSources(RemoteUrl url, IReadOnlyList<Mirror> mirrors, RemoteUrl? metalink) => (Url, Mirrors, Metalink) = (url, mirrors, metalink);

    /// <summary>The file's address, with the credentials for it.</summary>
    public RemoteUrl Url { get; }

    /// <summary>Where it is, too, each with the credentials for it. None is better than another but by its place.</summary>
    public IReadOnlyList<Mirror> Mirrors { get; }

    /// <summary>A metalink that has it, with the credentials for that; null for none, and where <see cref="Url"/> is one.</summary>
    public RemoteUrl? Metalink { get; }

    /// <summary>Reads the fields of a request.</summary>
    /// <exception cref="DownloadException">One of them is unusable, or two of them exclude each other.</exception>
    public static RequestedSources From(StartRequest request)
    {
        var sources = Of(request.Url, request.Credentials);
        if (request.Connections is { } connections && connections is < 1 or > DownloadOptions.MostConnections)
            throw Invalid($"the field 'connections' is {connections}: give a number from 1 to {DownloadOptions.MostConnections}, or leave it out for downloads:connections");
        if (request.Mirrors.Count > Mirror.Most)
            throw Invalid($"the field 'mirrors' has {request.Mirrors.Count} URLs: give at most {Mirror.Most}, the best first");
        var metalink = request.MetalinkUrl is { } address ? Parse("metalink_url", address) : null;
        if (metalink is not null && MetalinkDocument.IsNamedAsOne(sources.Url))
            throw Invalid("the 'url' is a metalink itself, and so is 'metalink_url': give one of them, or as 'url' the image");
        var mirrors = request.Mirrors.Select((mirror, i) => new Mirror(sources.WithCredentials(Parse($"mirrors[{i}]", mirror)), Priority: 1, Location: null));
        return new RequestedSources(sources.Url, [.. mirrors], metalink is null ? null : sources.WithCredentials(metalink));
    }

    /// <summary>Reads an address alone.</summary>
    /// <exception cref="DownloadException">It is unusable.</exception>
    public static RequestedSources Of(string address, Credentials? credentials)
    {
        var url = RemoteUrl.Parse(address);
        return new RequestedSources(url.WithCredentials(credentials ?? url.Credentials), [], null);
    }

    /// <summary>The same address with the credentials that are for it: its own, else those of the URL on the URL's server only.</summary>
    public RemoteUrl WithCredentials(RemoteUrl other) => other.Credentials is null && other.IsSameServerAs(Url) ? other.WithCredentials(Url.Credentials) : other;

    private static RemoteUrl Parse(string field, string? address)
    {
        try
        {
            return RemoteUrl.Parse(address ?? "");
        }
        catch (DownloadException e)
        {
            throw new DownloadException(e.Kind, $"{field}: {e.Message}", e);
        }
    }

    private static DownloadException Invalid(string why) => new(DownloadErrorKind.FieldInvalid, why);
}
