namespace Kimchi.Isod.Signatures.Packets;

/// <summary>One packet of OpenPGP.</summary>
/// <param name="Tag">Its kind.</param>
/// <param name="Body">What is in it.</param>
internal readonly record struct Packet(PacketTag Tag, ReadOnlyMemory<byte> Body)
{
    /// <summary>Reads packets one after the other (RFC 9580, section 4.2). Only bodies whose length stands before them are taken, which those of
    /// keys and signatures must be.</summary>
    /// <param name="bytes">The packets.</param>
    /// <param name="most">How many there may be.</param>
    /// <exception cref="MalformedException">What follows the packets given so far is none.</exception>
    public static IEnumerable<Packet> ReadAll(ReadOnlyMemory<byte> bytes, int most)
    {
        var reader = new ByteReader(bytes);
        for (var count = 1; reader.Left > 0; count++)
        {
            if (count > most) throw new MalformedException($"it has more than {most} packets");
            yield return Read(reader);
        }
    }

    private static Packet Read(ByteReader reader)
    {
        var first = reader.Byte();
        if ((first & 0x80) == 0) throw new MalformedException("it has something that is no packet of OpenPGP");
        var isNew = (first & 0x40) != 0;
        var tag = isNew ? first & 0x3f : (first >> 2) & 0x0f;
        var length = isNew ? NewLength(reader) : OldLength(reader, first & 3);
        return new Packet((PacketTag)tag, reader.Take(length));
    }

    private static long NewLength(ByteReader reader) => reader.Byte() switch
    {
        < 192 and var length => length,
        < 224 and var high => ((high - 192) << 8) + reader.Byte() + 192,
        255 => reader.FourBytes(),
        _ => throw new MalformedException("it has a packet in parts, as no key or signature is"),
    };

    private static long OldLength(ByteReader reader, int kind) => kind switch
    {
        0 => reader.Byte(),
        1 => reader.TwoBytes(),
        2 => reader.FourBytes(),
        _ => throw new MalformedException("it has a packet without a length, as no key or signature is"),
    };
}

/// <summary>The kinds of packets that matter here (RFC 9580, section 5).</summary>
internal enum PacketTag
{
    /// <summary>A signature.</summary>
    Signature = 2,

    /// <summary>A secret primary key, which is nothing for a keyring.</summary>
    SecretKey = 5,

    /// <summary>A primary key.</summary>
    PublicKey = 6,

    /// <summary>A secret subkey.</summary>
    SecretSubkey = 7,

    /// <summary>Ignored, wherever it stands.</summary>
    Marker = 10,

    /// <summary>GnuPG's own, ignored.</summary>
    Trust = 12,

    /// <summary>Whose key it is.</summary>
    UserId = 13,

    /// <summary>A subkey.</summary>
    PublicSubkey = 14,

    /// <summary>A picture of its owner.</summary>
    UserAttribute = 17,

    /// <summary>Ignored, wherever it stands.</summary>
    Padding = 21,
}
