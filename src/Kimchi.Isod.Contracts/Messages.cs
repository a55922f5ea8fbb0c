using System.Text.Json.Serialization;

namespace Kimchi.Isod.Contracts;

/// <summary>Starts a download.</summary>
public sealed record StartDownloadRequest
{
    /// <summary>Where the image is: http, https, ftp or ftps.</summary>
    public required string Url { get; init; }

    /// <summary>The volume's name; by default the remote file's own: of Content-Disposition, of the URL, of the URL after redirects, whichever
    /// looks most like an image's.</summary>
    public string? Name { get; init; }

    /// <summary>The user's name for the server; by default that in the URL.</summary>
    public string? Username { get; init; }

    /// <summary>The password for the server; by default that in the URL.</summary>
    public string? Password { get; init; }

    /// <summary>Headers for requests to the URL's own server, such as Authorization; never sent to another.</summary>
    public IReadOnlyDictionary<string, string?>? Headers { get; init; }

    /// <summary>What the image must hash to: <c>sha256:</c> and hexadecimal digits; also md5, sha1, sha384, blake2b, sha512; <c>auto</c> for what is
    /// published beside the URL.</summary>
    public string? Checksum { get; init; }

    /// <summary>Where a list of checksums is that has the image, such as a SHA256SUMS.</summary>
    public string? ChecksumUrl { get; init; }

    /// <summary>Where the OpenPGP signature of that list is, or, without one, of the image itself: detached, binary or armoured.</summary>
    public string? SignatureUrl { get; init; }

    /// <summary>Whose signature counts: the name of a keyring in <c>trust:keyrings</c>, no path. Without <see cref="SignatureUrl"/> the list has
    /// its signature in it.</summary>
    public string? Keyring { get; init; }

    /// <summary>The one primary key of the keyring that counts: all 40 or 64 hexadecimal digits of its fingerprint, with blanks or without.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Where the same file is, too, the best first: at most 16 http, https, ftp and ftps URLs.</summary>
    public IReadOnlyList<string?>? Mirrors { get; init; }

    /// <summary>A metalink that has the file: RFC 5854, or version 3. <see cref="Url"/> may be one itself.</summary>
    public string? MetalinkUrl { get; init; }

    /// <summary>How many connections at most, 1 to 16; by default <c>downloads:connections</c>.</summary>
    public int? Connections { get; init; }

    /// <summary>What a name that is in use leads to: <c>fail</c>, the default, or <c>keep</c>, for which the same image and the same download are
    /// kept, and others are refused.</summary>
    public string? IfExists { get; init; }

    /// <summary>The download's own limit in bytes per second, 0 for none.</summary>
    public long LimitRate { get; init; }

    /// <summary>Whether it waits, once it is accepted, until it is resumed.</summary>
    public bool StartPaused { get; init; }
}

/// <summary>Names a download: the body of pause, resume, cancel, retry and status.</summary>
public sealed record DownloadName
{
    /// <summary>The volume's name.</summary>
    public required string Name { get; init; }
}

/// <summary>Changes a download's own limit.</summary>
public sealed record LimitRequest
{
    /// <summary>The volume's name.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes per second, 0 for no limit.</summary>
    public required long LimitRate { get; init; }
}

/// <summary>The reply to start.</summary>
/// <param name="Name">The volume's name.</param>
public sealed record StartDownloadReply(string Name);

/// <summary>The reply to a start with PUT, which keeps what is there.</summary>
/// <param name="Name">The volume's name.</param>
/// <param name="Kept">Whether the image, or its download, was there already: nothing was begun.</param>
/// <param name="Status">One of <see cref="DownloadStatus"/>: <c>completed</c> where the image is there.</param>
/// <param name="Download">The download; null for an image that no record tells of.</param>
public sealed record KeepDownloadReply(
    string Name, bool Kept, string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Download? Download);

/// <summary>The reply to pause, resume, cancel, retry and limit: an empty object.</summary>
public sealed record EmptyReply;

/// <summary>The reply to status.</summary>
/// <param name="Name">The volume's name.</param>
/// <param name="Status"><c>downloading</c> or <c>paused</c>.</param>
/// <param name="TotalSize">The file's size in bytes; null while it is not known.</param>
/// <param name="DownloadedSize">Bytes that are safely stored.</param>
public sealed record DownloadStatusReply(
    string Name,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? TotalSize,
    long DownloadedSize);

/// <summary>Every error.</summary>
/// <param name="Code">The status line's code and phrase, such as <c>400 Bad Request</c>.</param>
/// <param name="Reason">A message id, a colon, a space, and the reason.</param>
public sealed record ErrorReply(string Code, string Reason);
