namespace Kimchi.Isod.Core.Images;

/// <summary>The first bytes of an image, which make it one: partition table, ISO 9660 descriptors, qcow2 header. They are held back and
/// published last, so that a half-loaded image boots nowhere.</summary>
public sealed class HeldHead
{
    /// <summary>64 KiB: past the 16 system sectors and the volume descriptors of ISO 9660 (32 KiB and a few sectors).</summary>
    public const int Size = 64 * 1024;

    private readonly byte[] _bytes = new byte[Size];
    private int _length;
    private int _saved;

    /// <summary>Goes on with what is stored of it.</summary>
    public HeldHead(ReadOnlySpan<byte> stored)
    {
        stored.CopyTo(_bytes);
        _length = _saved = stored.Length;
    }

    /// <summary>Whether all of it has come. A shorter image has nothing but a head.</summary>
    public bool IsWhole => _length == Size;

    /// <summary>The length of the head of a file of <paramref name="size"/> bytes.</summary>
    public static int LengthFor(long size) => (int)Math.Min(Size, size);

    /// <summary>How many of the bytes that follow belong to it.</summary>
    public int LengthOf(ReadOnlyMemory<byte> following) => Math.Min(following.Length, Size - _length);

    /// <summary>Adds bytes that belong to it.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Gives what has come, if that is more than the last time.</summary>
    public bool TryTakeNew(out ReadOnlySpan<byte> head)
    {
        head = _bytes.AsSpan(0, _length);
        if (_length == _saved) return false;
        _saved = _length;
        return true;
    }
}
