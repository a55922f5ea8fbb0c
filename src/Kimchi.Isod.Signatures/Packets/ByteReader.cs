using System.Buffers.Binary;

namespace Kimchi.Isod.Signatures.Packets;

/// <summary>Takes values off the front of bytes, and nothing behind their end.</summary>
internal sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    private ReadOnlyMemory<byte> _rest = bytes;

    /// <summary>How many bytes are left.</summary>
    public int Left => _rest.Length;

    /// <summary>Takes so many bytes.</summary>
    /// <exception cref="MalformedException">There are not so many, as in all methods.</exception>
    public ReadOnlyMemory<byte> Take(long count)
    {
        if (count > _rest.Length) throw new MalformedException("it is cut off");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    public byte Byte() => Take(1).Span[0];

    public int TwoBytes() => BinaryPrimitives.ReadUInt16BigEndian(Take(2).Span);

    public uint FourBytes() => BinaryPrimitives.ReadUInt32BigEndian(Take(4).Span);

    /// <summary>A number of so many bits as are told before it (RFC 9580, section 3.2).</summary>
    public ReadOnlyMemory<byte> Number() => Take((TwoBytes() + 7) / 8);

    public ReadOnlyMemory<byte> Rest() => Take(Left);
}
