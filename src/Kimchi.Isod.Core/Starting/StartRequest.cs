using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Starting;

/// <summary>What a user asks for.</summary>
/// <param name="Pool">The pool's name.</param>
/// <param name="Url">The file's address, as the user gave it.</param>
/// <param name="Name">The volume's name, or null for the remote file's own.</param>
/// <param name="Credentials">For the server; null for those in the URL, if any.</param>
/// <param name="Checksum">What the image must hash to, such as <c>sha256:…</c>; <c>auto</c> where it is to be found; or null.</param>
/// <param name="ChecksumUrl">A list of checksums that has the image; or null.</param>
/// <param name="LimitRate">The download's own limit in bytes per second, 0 for none.</param>
/// <param name="StartPaused">Whether it waits, once accepted, until it is resumed.</param>
public sealed record StartRequest(
    string Pool, string Url, string? Name, Credentials? Credentials, string? Checksum = null, string? ChecksumUrl = null,
    long LimitRate = 0, bool StartPaused = false)
{
    /// <summary>Where the same file is, too, the best first: addresses as the user gave them.</summary>
    public IReadOnlyList<string?> Mirrors { get; init; } = [];

    /// <summary>Headers for the server of <see cref="Url"/>: names and values as the user gave them.</summary>
    public IReadOnlyDictionary<string, string?> Headers { get; init; } = new Dictionary<string, string?>();

    /// <summary>A metalink that has the file; or null. <see cref="Url"/> may be one itself.</summary>
    public string? MetalinkUrl { get; init; }

    /// <summary>Where the OpenPGP signature of the list of checksums is, or, where there is no list, of the image; or null.</summary>
    public string? SignatureUrl { get; init; }

    /// <summary>The name of the keyring whose keys may have signed; or null.</summary>
    public string? Keyring { get; init; }

    /// <summary>The fingerprint of the one primary key of it that counts; or null.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>How many connections at most; null for as many as the configuration says.</summary>
    public int? Connections { get; init; }

    /// <summary>The name that the volume must have though the user gave none; null for any. It chooses nothing else.</summary>
    internal string? OwnName { get; init; }

    /// <summary>The checksum, where it was found already.</summary>
    internal SourcedChecksum? FoundChecksum { get; init; }
}
