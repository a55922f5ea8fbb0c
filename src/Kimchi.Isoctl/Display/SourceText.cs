using Kimchi.Isod.Contracts;

namespace Kimchi.Isoctl.Display;

/// <summary>The places that a download's file comes from, in words.</summary>
internal static class SourceText
{
    /// <summary>Whether its file is in more places than one.</summary>
    public static bool HasMirrors(Download download) => download.Sources.Count > 1;

    /// <summary>Such as <c>from a.example, b.example; failed: c.example</c>; null where there is nothing to say.</summary>
    public static string? Hosts(Download download)
    {
        if (!HasMirrors(download)) return null;
        string[] parts =
        [
            .. Named("from ", download, DownloadSourceStatus.Active),
            .. Named("failed: ", download, DownloadSourceStatus.Failed),
        ];
        return parts.Length > 0 ? string.Join("; ", parts) : null;
    }

    /// <summary>Such as <c>http://a.example/a.iso (active, 20.0 MiB, 5.0 MiB/s)</c>.</summary>
    public static string Describe(DownloadSource source) =>
        $"{source.Url} ({source.Status}, {Human.Size(source.Bytes)}{(source.Speed > 0 ? ", " + Human.Rate(source.Speed) : "")})"
        + (source.Error is { } error ? $": {error}" : "");

    private static IEnumerable<string> Named(string label, Download download, string status)
    {
        var hosts = string.Join(", ", download.Sources.Where(s => s.Status == status).Select(s => HostOf(s.Url)).Distinct());
        if (hosts.Length > 0) yield return label + hosts;
    }

    private static string HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.Authority : url;
}
