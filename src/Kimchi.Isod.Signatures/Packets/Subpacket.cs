namespace Kimchi.Isod.Signatures.Packets;

/// <summary>One statement within a signature (RFC 9580, section 5.2.3.7).</summary>
/// <param name="Type">What it is about.</param>
/// <param name="IsCritical">Whether a signature must not be taken by who does not understand it.</param>
/// <param name="Body">What it says.</param>
internal readonly record struct Subpacket(SubpacketType Type, bool IsCritical, ReadOnlyMemory<byte> Body)
{
    private const int Most = 1000;

    /// <summary>Reads an area of subpackets.</summary>
    /// <exception cref="MalformedException">It is none.</exception>
    public static List<Subpacket> ReadAll(ReadOnlyMemory<byte> area)
    {
        var reader = new ByteReader(area);
        List<Subpacket> found = [];
        while (reader.Left > 0)
        {
            if (found.Count == Most) throw new MalformedException($"a signature has more than {Most} subpackets");
            var body = new ByteReader(reader.Take(Length(reader)));
            var type = body.Byte();
            found.Add(new Subpacket((SubpacketType)(type & 0x7f), (type & 0x80) != 0, body.Rest()));
        }

        return found;
    }

    private static long Length(ByteReader reader) => reader.Byte() switch
    {
        < 192 and var length => length,
        < 255 and var high => ((high - 192) << 8) + reader.Byte() + 192,
        _ => reader.FourBytes(),
    };
}

/// <summary>What subpackets are about.</summary>
internal enum SubpacketType
{
    /// <summary>When it was signed.</summary>
    Created = 2,

    /// <summary>After how many seconds the signature is void.</summary>
    Expires = 3,

    /// <summary>Whether others may be told of it.</summary>
    Exportable = 4,

    /// <summary>Whether it can be revoked.</summary>
    Revocable = 7,

    /// <summary>After how many seconds of its life the key is void.</summary>
    KeyExpires = 9,

    /// <summary>What the owner wants messages encrypted with.</summary>
    SymmetricPreferences = 11,

    /// <summary>Who else may revoke the key.</summary>
    RevocationKey = 12,

    /// <summary>The number of the key that signed.</summary>
    Issuer = 16,

    /// <summary>Anything, by a name.</summary>
    Notation = 20,

    /// <summary>What the owner wants messages hashed with.</summary>
    HashPreferences = 21,

    /// <summary>What the owner wants messages compressed with.</summary>
    CompressionPreferences = 22,

    /// <summary>What key servers are to do.</summary>
    KeyServerPreferences = 23,

    /// <summary>Where the key is to be had.</summary>
    KeyServer = 24,

    /// <summary>Whether this is the owner's main user id.</summary>
    IsPrimaryUserId = 25,

    /// <summary>Where a policy is written down.</summary>
    Policy = 26,

    /// <summary>What the key may do.</summary>
    KeyFlags = 27,

    /// <summary>In which of his roles the owner signs.</summary>
    SignersUserId = 28,

    /// <summary>Why it is revoked.</summary>
    RevocationReason = 29,

    /// <summary>What the owner's program can do.</summary>
    Features = 30,

    /// <summary>A signature within the signature.</summary>
    EmbeddedSignature = 32,

    /// <summary>The fingerprint of the key that signed.</summary>
    IssuerFingerprint = 33,

    /// <summary>What the owner wants messages encrypted with.</summary>
    AeadPreferences = 34,

    /// <summary>What the owner wants messages encrypted with.</summary>
    CipherSuitePreferences = 39,
}
