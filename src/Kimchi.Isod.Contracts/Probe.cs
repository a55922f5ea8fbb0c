using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>Asks what a start would find.</summary>
public sealed record ProbeRequest
{
    /// <summary>Where the image is: http, https, ftp or ftps.</summary>
    public required string Url { get; init; }

    /// <summary>The user's name for the server; by default that in the URL.</summary>
    public string? Username { get; init; }

    /// <summary>The password for the server; by default that in the URL.</summary>
    public string? Password { get; init; }

    /// <summary>Headers for requests to the URL's own server.</summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>Where the same file is, too, the best first: at most 16 http, https, ftp and ftps URLs.</summary>
    public IReadOnlyList<string?>? Mirrors { get; init; }

    /// <summary>A metalink that has the file: RFC 5854, or version 3. <see cref="Url"/> may be one itself.</summary>
    public string? MetalinkUrl { get; init; }
}

/// <summary>What a start would find. Nothing is stored.</summary>
public sealed record ProbeReply
{
    /// <summary>The name that the volume would have; null where the URL yields none that a volume can have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Name { get; init; }

    /// <summary>The file's size in bytes; null where the server does not tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? TotalSize { get; init; }

    /// <summary>Whether the download could be paused.</summary>
    public bool Resumable { get; init; }

    /// <summary>The media type that the server gives; null where it gives none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? ContentType { get; init; }

    /// <summary>Where the file was found after redirects, with no credentials; a query is shown as <c>?…</c>, for it may hold some.</summary>
    public required string FinalUrl { get; init; }

    /// <summary>When the file was last changed, as its server says; null where it does not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Whether the pool has room for it; null where the size is not known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool? Fits { get; init; }

    /// <summary>Whether the URL is a metalink. Then all else is of the file that it leads to.</summary>
    public bool Metalink { get; init; }

    /// <summary>What the image would be compared with, such as <c>sha256:…</c>, though the start names nothing; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Checksum { get; init; }

    /// <summary>What the checksum <c>auto</c> would find; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? AutoChecksum { get; init; }

    /// <summary>Where it would be found; where there is none, what was tried.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? AutoChecksumSource { get; init; }

    /// <summary>Where the same file is, too, the best first, with no credentials and queries.</summary>
    public IReadOnlyList<string> Mirrors { get; init; } = [];
}
