using System.Buffers.Binary;

namespace Kimchi.Isod.Fixtures;

/// <summary>Files that begin as an ISO 9660 image does.</summary>
public static class IsoImage
{
    private const int BlockSize = 2048;
    private const int Descriptor = 32 * 1024;

    /// <summary>Makes one of pseudo-random bytes.</summary>
    /// <param name="size">How many bytes it has.</param>
    /// <param name="told">The size that its primary volume descriptor tells (ECMA-119, 8.4.8 and 8.4.12), a multiple of 2048.</param>
    /// <param name="seed">Another one makes other bytes.</param>
    public static byte[] Make(int size, int told, int seed = 1)
    {
        var image = new byte[size];
        new Random(seed).NextBytes(image);
        var descriptor = image.AsSpan(Descriptor);
        "\u0001CD001\u0001"u8.CopyTo(descriptor);
        BinaryPrimitives.WriteInt32LittleEndian(descriptor[80..], told / BlockSize);
        BinaryPrimitives.WriteInt32BigEndian(descriptor[84..], told / BlockSize);
        BinaryPrimitives.WriteInt16LittleEndian(descriptor[128..], BlockSize);
        BinaryPrimitives.WriteInt16BigEndian(descriptor[130..], BlockSize);
        return image;
    }
}
