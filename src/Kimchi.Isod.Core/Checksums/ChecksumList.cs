using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;
using Kimchi.Isod.Core.Volumes;

namespace Kimchi.Isod.Core.Checksums;

/// <summary>A file of checksums as projects publish them: SHA256SUMS, CHECKSUM, image.iso.sha256.</summary>
/// <remarks>
/// Lines of GNU and of the BSDs, comments and PGP's wrapping around them. Signatures are not checked. The kind of a digest is told by its
/// line, else by the comment above it (<c># SHA512 HASH</c>), else by the list's own name (<c>b2sums.txt</c>), and by its length only where
/// none of them says anything.
/// </remarks>
internal sealed class ChecksumList
{
    private const string SignatureBegins = "-----BEGIN PGP SIGNATURE-----";
    private const string SignatureEnds = "-----END PGP SIGNATURE-----";

    private readonly RemoteUrl _url;
    private readonly List<ChecksumLine> _lines;

    private ChecksumList(RemoteUrl url, List<ChecksumLine> lines)
    {
        _url = url;
        _lines = lines;
    }

    /// <summary>Reads a list.</summary>
    /// <param name="url">Where it was found: its paths are relative to that.</param>
    /// <param name="text">All of it.</param>
    public static ChecksumList Parse(RemoteUrl url, string text)
    {
        var ofList = DigestKind.FindIn(url.FileName);
        var ofSection = default(DigestKind);
        var lines = new List<ChecksumLine>();
        foreach (var line in Content(text.TrimStart('\uFEFF').Split('\n')))
        {
            if (!line.TrimStart().StartsWith('#')) lines.AddRange(ChecksumLine.Parse(line, ofSection, ofList) is { } found ? [found] : []);
            else if (DigestKind.FindInComment(line) is { IsTold: true } told) ofSection = told;
        }

        return new ChecksumList(url, lines);
    }

    /// <summary>Whether it has no digest of any file.</summary>
    public bool IsEmpty => _lines.Count == 0;

    /// <summary>Whether a line of it names a file, by its address or its name as the user gave them.</summary>
    public bool Names(RemoteUrl url, string? name) =>
        AtAddress(url).Any() || new[] { url.FileName, name ?? "" }.Any(candidate => candidate.Length > 0 && Named(candidate).Count > 0);

    /// <summary>The strongest checksum of a file, found by what the user said of it and by nothing that its server says.</summary>
    /// <param name="url">Its address as the user gave it.</param>
    /// <param name="name">The volume's name as the user gave it, or null.</param>
    /// <exception cref="DownloadException">There is none, or several that differ (<see cref="DownloadErrorKind.ChecksumInvalid"/>).</exception>
    public Checksum Find(RemoteUrl url, string? name)
    {
        var found = AtAddress(url).ToList();
        string[] names = [.. new[] { url.FileName, name ?? "" }.Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)];
        foreach (var candidate in names)
        {
            if (found.Count == 0) found = Named(candidate);
        }

        if (found.Count == 0 && (_lines is [{ Path: null }] || IsOnlyOf(url))) found = _lines;
        return Strongest(found) ?? throw Invalid(names.Length > 0
            ? $"has no entry for {string.Join(" or ", names.Select(VolumeName.Quote))} (names that the image's server gives do not count)"
            : "has several entries, and the URL has no file name: the field 'name' would tell which one counts");
    }

    private static IEnumerable<string> Content(string[] lines)
    {
        var isSignature = false;
        foreach (var line in lines)
        {
            isSignature |= line.StartsWith(SignatureBegins, StringComparison.Ordinal);
            // Within a signed message a line that begins with a dash is escaped: RFC 9580, section 7.1.
            if (!isSignature) yield return line.StartsWith("- ", StringComparison.Ordinal) ? line[2..] : line;
            isSignature &= !line.StartsWith(SignatureEnds, StringComparison.Ordinal);
        }
    }

    // Two files of one name in different folders are told apart: Debian's lists have ./netboot/mini.iso and ./netboot/gtk/mini.iso.
    private IEnumerable<ChecksumLine> AtAddress(RemoteUrl file) => _lines.Where(line =>
        line.Path is { } path
        && Uri.TryCreate(_url.Uri, Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal), out var address)
        && address.Authority == file.Uri.Authority
        && Uri.UnescapeDataString(address.AbsolutePath) == Uri.UnescapeDataString(file.Uri.AbsolutePath));

    private List<ChecksumLine> Named(string name) => [.. _lines.Where(line => line.Path?.Split('/')[^1] == name)];

    // What lies at the file's address with .sha256 or the like behind it, and has one file in it, is that file's, whatever it is called there:
    // https://download.opensuse.org has links such as X.iso, whose X.iso.sha256 names the build.
    private bool IsOnlyOf(RemoteUrl file) =>
        _lines.Select(line => line.Path).Distinct(StringComparer.Ordinal).Count() == 1
        && _url.Uri.Authority == file.Uri.Authority
        && (IsBeside(file.Uri.PathAndQuery, _url.Uri.PathAndQuery) || IsBeside(file.Uri.AbsolutePath, _url.Uri.AbsolutePath));

    private static bool IsBeside(string file, string list) =>
        list.StartsWith(file + ".", StringComparison.Ordinal) && DigestKind.FindIn(list[(file.Length + 1)..]).Algorithm is not null;

    private Checksum? Strongest(List<ChecksumLine> found)
    {
        if (found.Count == 0) return null;
        var name = VolumeName.Quote(found[0].Path ?? "");
        if (found.Max(line => line.Algorithm) is not { } algorithm)
            throw Invalid($"does not tell whether the {found[0].Digest.Length} digits for {name} are of SHA-512 or of BLAKE2b");
        var digests = found.Where(line => line.Algorithm == algorithm).Select(line => line.Digest).Distinct(StringComparer.Ordinal).ToList();
        if (digests.Count > 1) throw Invalid($"has {digests.Count} different {algorithm.Label()} entries for {name}");
        return new Checksum(algorithm, digests[0]);
    }

    private DownloadException Invalid(string what) =>
        new(DownloadErrorKind.ChecksumInvalid, $"{_url} {what}; give the field 'checksum' instead, or the right 'checksum_url'");
}
