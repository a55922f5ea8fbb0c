using System.Buffers.Binary;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>A signature, of version 4 or 6 (RFC 9580, section 5.2.3). What is wrong with one that cannot be read is in <see cref="Fault"/>.</summary>
internal sealed class SignaturePacket
{
    private List<Subpacket> _hashed = [];
    private List<Subpacket> _unhashed = [];

    private SignaturePacket()
    {
    }

    /// <summary>Its version.</summary>
    public int Version { get; private init; }

    /// <summary>What it says, as far as that can be read.</summary>
    public SignatureType Type { get; private init; }

    /// <summary>Why it cannot be read; null where it can.</summary>
    public string? Fault { get; private set; }

    /// <summary>The kind of key that made it.</summary>
    public KeyAlgorithm KeyAlgorithm { get; private set; }

    /// <summary>The digest that it is of.</summary>
    public SignatureHash Hash { get; private set; }

    /// <summary>What stands behind the content in that digest.</summary>
    public ReadOnlyMemory<byte> Trailer { get; private set; }

    /// <summary>What stands before the content in that digest.</summary>
    public ReadOnlyMemory<byte> Salt { get; private set; }

    /// <summary>The mathematical part.</summary>
    public ReadOnlyMemory<byte> Material { get; private set; }

    /// <summary>The statements that are signed.</summary>
    public IReadOnlyList<Subpacket> Hashed => _hashed;

    /// <summary>When it was made, by what is signed; null where nothing says so, or more than one thing does.</summary>
    public DateTimeOffset? Created => Single(SubpacketType.Created) is { Length: 4 } time ? Time(time) : null;

    /// <summary>How long it is good for; null for ever.</summary>
    public TimeSpan? Lifetime => LeastSeconds(SubpacketType.Expires);

    /// <summary>How long the key is good for that it is of; null for ever.</summary>
    public TimeSpan? KeyLifetime => LeastSeconds(SubpacketType.KeyExpires);

    /// <summary>Which key says that it made it: hints that prove nothing, which are read from what is not signed, too.</summary>
    public IEnumerable<byte[]> IssuerHints => _hashed.Concat(_unhashed).Select(Issuer).OfType<byte[]>();

    /// <summary>Signatures within it, which prove themselves and need not be signed.</summary>
    public IEnumerable<SignaturePacket> Embedded =>
        _hashed.Concat(_unhashed).Where(s => s.Type is SubpacketType.EmbeddedSignature).Select(s => Read(s.Body));

    /// <summary>Reads one. Never throws.</summary>
    public static SignaturePacket Read(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        var version = bytes.Length > 0 ? bytes[0] : 0;
        // Version 3 has the length of what is hashed before the type.
        var at = version == 3 ? 2 : 1;
        var signature = new SignaturePacket { Version = version, Type = bytes.Length > at ? (SignatureType)bytes[at] : SignatureType.Unknown };
        try
        {
            signature.ReadBody(body);
        }
        catch (MalformedException e)
        {
            signature.Fault = $"it cannot be read: {e.Message}";
        }

        return signature;
    }

    /// <summary>Whether it says that a key made it: by its fingerprint or its number, and by nothing that contradicts.</summary>
    public bool IsBy(PublicKeyPacket key) => IssuerHints.Any() && IssuerHints.All(key.IsCalled);

    /// <summary>The value of the one signed statement of a kind; null where there is none, and where there are several.</summary>
    public ReadOnlyMemory<byte>? Single(SubpacketType type) =>
        _hashed.Where(s => s.Type == type).Take(2).ToArray() is [var only] ? only.Body : null;

    private void ReadBody(ReadOnlyMemory<byte> body)
    {
        if (Version is not (4 or 6))
        {
            Fault = $"it is of version {Version}; give one of version 4 or 6";
            return;
        }

        var reader = new ByteReader(body);
        reader.Take(2);
        KeyAlgorithm = (KeyAlgorithm)reader.Byte();
        Hash = (SignatureHash)reader.Byte();
        var hashed = reader.Take(Version == 6 ? reader.FourBytes() : reader.TwoBytes());
        Trailer = MakeTrailer(body[..(body.Length - reader.Left)]);
        var unhashed = reader.Take(Version == 6 ? reader.FourBytes() : reader.TwoBytes());
        reader.Take(2); // The first bytes of the digest: for those in a hurry.
        if (Version == 6) Salt = reader.Take(reader.Byte());
        if (Version == 6 && Salt.Length != Hash.SaltLength()) throw new MalformedException("its salt is not as long as its kind of digest asks for");
        Material = reader.Rest();
        _hashed = Subpacket.ReadAll(hashed);
        _unhashed = Subpacket.ReadAll(unhashed);
    }

    private byte[] MakeTrailer(ReadOnlyMemory<byte> signed)
    {
        var trailer = new byte[signed.Length + 6];
        signed.Span.CopyTo(trailer);
        trailer[^6] = (byte)Version;
        trailer[^5] = 0xff;
        BinaryPrimitives.WriteUInt32BigEndian(trailer.AsSpan()[^4..], (uint)signed.Length);
        return trailer;
    }

    // Before the fingerprint stands the version of the key that it is of.
    private static byte[]? Issuer(Subpacket subpacket) => subpacket.Type switch
    {
        SubpacketType.Issuer => subpacket.Body.ToArray(),
        SubpacketType.IssuerFingerprint => subpacket.Body.Length > 1 ? subpacket.Body[1..].ToArray() : [],
        _ => null,
    };

    // The least of several; 0 is for ever.
    private TimeSpan? LeastSeconds(SubpacketType type)
    {
        TimeSpan? least = null;
        foreach (var subpacket in _hashed.Where(s => s.Type == type))
        {
            var seconds = subpacket.Body.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(subpacket.Body.Span) : 1;
            if (seconds > 0 && (least is null || least.Value.TotalSeconds > seconds)) least = TimeSpan.FromSeconds(seconds);
        }

        return least;
    }

    private static DateTimeOffset Time(ReadOnlyMemory<byte> bytes) =>
        DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes.Span));
}
