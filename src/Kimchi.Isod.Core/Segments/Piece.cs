namespace Kimchi.Isod.Core.Segments;

/// <summary>Bytes of the image that one connection brings and that are not stored yet. Belongs to one thread at a time.</summary>
/// <param name="buffer">Memory for them.</param>
internal sealed class Piece(Memory<byte> buffer)
{
    /// <summary>The offset of its first byte in the image.</summary>
    public long Start { get; private set; }

    /// <summary>How many bytes are to come at most.</summary>
    public int Capacity { get; private set; }

    /// <summary>How many bytes have come.</summary>
    public int Length { get; private set; }

    /// <summary>The offset of the first byte after those that have come.</summary>
    public long End => Start + Length;

    /// <summary>When the last of them came, by the clock's time stamps.</summary>
    public long Arrived { get; set; }

    /// <summary>Whether all bytes have come.</summary>
    public bool IsFull => Length == Capacity;

    /// <summary>The bytes that have come.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer[..Length];

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Free => buffer[Length..Capacity];

    /// <summary>Makes it a piece of the bytes from an offset on.</summary>
    public void Begin(long start, long length) => (Start, Capacity, Length) = (start, (int)Math.Min(length, buffer.Length), 0);

    /// <summary>The bytes that have come are wrong.</summary>
    public void Drop() => Length = 0;

    /// <summary>Bytes have come into <see cref="Free"/>.</summary>
    public void Add(int count) => Length += count;
}
