namespace Kimchi.Isod.Core.Images;

/// <summary>The first bytes of an image, which make it one: partition table, ISO 9660 descriptors, qcow2 header.</summary>
/// <remarks>They are held back and published last, so that a half-loaded image boots nowhere.</remarks>
public static class ImageHead
{
    /// <summary>64 KiB: past the 16 system sectors and the volume descriptors of ISO 9660 (32 KiB and a few sectors).</summary>
    public const int Size = 64 * 1024;

    /// <summary>The length of the head of a file of <paramref name="size"/> bytes.</summary>
    public static int LengthFor(long size) => (int)Math.Min(Size, size);
}
