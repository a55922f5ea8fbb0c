using System.Globalization;
using Kimchi.Isod.Core.Checksums;
using Kimchi.Isod.Core.Errors;
using Kimchi.Isod.Core.Remote;

namespace Kimchi.Isod.Core.Metalinks;

/// <summary>Reads the element <c>file</c> of a metalink.</summary>
internal sealed class MetalinkFile(MetalinkXml xml)
{
    // Version 3 prefers 100, and puts up with 0.
    private const int MostPreference = 100;

    // A server that bears more than a download ever makes has no limit.
    private const int MostConnections = 1000;

    // A list of mirrors is cut down to the best ones when it gets this long.
    private const int MostMirrorsRead = 4 * Mirror.Most;

    private static readonly string[] Protocols = ["http", "https", "ftp", "ftps"];

    private readonly Dictionary<ChecksumAlgorithm, Checksum> _hashes = [];
    private readonly List<Mirror> _mirrors = [];
    private long? _size;
    private PieceHashes? _pieces;

    /// <summary>The file's name, of the last part of a path; null where there is none.</summary>
    public static string? ReadName(MetalinkXml xml) =>
        xml.Attribute("name") is { } path && path[(path.LastIndexOfAny(['/', '\\']) + 1)..].Trim() is { Length: > 0 } name ? name : null;

    /// <summary>Reads it, and goes past its end.</summary>
    public Metalink Read()
    {
        var name = ReadName(xml);
        xml.ReadChildren(ReadChild);
        if (_pieces is { } pieces && _size is { } size && pieces.Count != pieces.CountFor(size))
            throw Metalink.Invalid($"it has {pieces.Count} hashes of pieces of {pieces.Length} bytes, where {size} bytes are {pieces.CountFor(size)} pieces");
        return new Metalink(
            name, _size, [.. _hashes.Values.OrderByDescending(hash => hash.Algorithm)], _size is null ? null : _pieces, Mirror.Best(_mirrors));
    }

    // Version 3 has hashes within "verification" and addresses within "resources".
    private void ReadChild(string name)
    {
        switch (name)
        {
            case "verification" or "resources":
                xml.ReadChildren(ReadChild);
                break;
            case "size":
                ReadSize();
                break;
            case "hash":
                ReadHash();
                break;
            case "pieces":
                ReadPieces();
                break;
            case "url":
                ReadUrl();
                break;
            default:
                xml.Skip();
                break;
        }
    }

    private void ReadSize()
    {
        var text = xml.ReadText();
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size == 0)
            throw Metalink.Invalid("the size of the file is not a number of bytes from 1 on");
        if (_size is { } other && other != size) throw Metalink.Invalid($"it gives the file two sizes, {other} and {size} bytes");
        _size = size;
    }

    private void ReadHash()
    {
        var kind = ChecksumAlgorithms.Find(xml.Attribute("type")?.Trim() ?? "");
        var digest = xml.ReadText();
        if (kind is not { } algorithm) return;
        if (digest.Length != algorithm.DigitCount() || !DigestText.IsHex(digest))
            throw Metalink.Invalid($"its {algorithm.Label()} hash has not {algorithm.DigitCount()} hexadecimal digits");
        var hash = new Checksum(algorithm, digest.ToLowerInvariant());
        if (_hashes.TryGetValue(algorithm, out var other) && other != hash) throw Metalink.Invalid($"it has two different {algorithm.Label()} hashes of the file");
        _hashes[algorithm] = hash;
    }

    private void ReadPieces()
    {
        if (ChecksumAlgorithms.Find(xml.Attribute("type")?.Trim() ?? "") is not { } algorithm || algorithm <= _pieces?.Algorithm)
        {
            xml.Skip();
            return;
        }

        if (!long.TryParse(xml.Attribute("length")?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length == 0)
            throw Metalink.Invalid("the length of its pieces is not a number of bytes from 1 on");
        using var hashes = new MemoryStream();
        var count = 0;
        xml.ReadChildren(child =>
        {
            if (child == "hash") hashes.Write(ReadPieceHash(algorithm, count++));
            else xml.Skip();
        });
        _pieces = new PieceHashes(algorithm, length, hashes.ToArray());
    }

    // Version 3 numbers the pieces, in their order.
    private byte[] ReadPieceHash(ChecksumAlgorithm algorithm, int piece)
    {
        if (xml.Attribute("piece") is { } number && number.Trim() != piece.ToString(CultureInfo.InvariantCulture))
            throw Metalink.Invalid($"the hashes of its pieces are not in order: piece {piece} is missing");
        var digest = xml.ReadText();
        return digest.Length == algorithm.DigitCount() && DigestText.IsHex(digest)
            ? Convert.FromHexString(digest)
            : throw Metalink.Invalid($"the {algorithm.Label()} hash of piece {piece} has not {algorithm.DigitCount()} hexadecimal digits");
    }

    // What cannot be fetched here is no reason to refuse the rest. A torrent, too, is told by an http URL in version 3.
    private void ReadUrl()
    {
        var type = xml.Attribute("type")?.Trim().ToLowerInvariant();
        var (priority, location) = (ReadPriority(), Mirror.ReadLocation(xml.Attribute("location")));
        var connections = Number("maxconnections") is >= 1 and <= MostConnections and var most ? most : default(int?);
        var address = xml.ReadText();
        if ((type is not null && !Protocols.Contains(type, StringComparer.Ordinal)) || TryParse(address) is not { } url) return;
        _mirrors.Add(new Mirror(url, priority, location) { MostConnections = connections });
        if (_mirrors.Count < MostMirrorsRead) return;
        var best = Mirror.Best(_mirrors);
        _mirrors.Clear();
        _mirrors.AddRange(best);
    }

    private int ReadPriority()
    {
        if (Number("priority") is >= 1 and <= Mirror.Last and var priority) return priority;
        return Number("preference") is >= 0 and <= MostPreference and var preference ? MostPreference + 1 - preference : Mirror.Last;
    }

    private int? Number(string attribute) =>
        int.TryParse(xml.Attribute(attribute)?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static RemoteUrl? TryParse(string address)
    {
        try
        {
            return RemoteUrl.Parse(address);
        }
        catch (DownloadException e) when (e.Kind is DownloadErrorKind.UrlInvalid)
        {
            return null;
        }
    }
}
