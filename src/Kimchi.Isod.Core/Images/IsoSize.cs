using System.Buffers.Binary;
using System.Numerics;

namespace Kimchi.Isod.Core.Images;

/// <summary>The size that an ISO 9660 image tells of itself: ECMA-119, section 8.4 (the primary volume descriptor).</summary>
public static class IsoSize
{
    private const int FirstSector = 16;
    private const int SectorSize = 2048;
    private const int Primary = 1;
    private const int Terminator = 255;

    /// <summary>Whether an image has a volume descriptor of ISO 9660.</summary>
    /// <param name="head">Its first 64 KiB, or all of it where it is smaller.</param>
    public static bool IsIso(ReadOnlySpan<byte> head) => FindPrimary(head) >= 0;

    /// <summary>The volume space size times the logical block size, in bytes; null where there is no descriptor, or it tells none.</summary>
    /// <param name="head">The image's first 64 KiB, or all of it where it is smaller.</param>
    public static long? Read(ReadOnlySpan<byte> head)
    {
        var at = FindPrimary(head);
        if (at < 0) return null;
        var descriptor = head.Slice(at, SectorSize);
        // Each number is there in both orders of its bytes (section 7.2.3, 7.3.3). Some programs write the first alone.
        var blocks = BinaryPrimitives.ReadUInt32LittleEndian(descriptor[80..]);
        var blockSize = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[128..]);
        var isAgreed = BinaryPrimitives.ReadUInt32BigEndian(descriptor[84..]) is var other && (other == 0 || other == blocks)
            && BinaryPrimitives.ReadUInt16BigEndian(descriptor[130..]) is var otherSize && (otherSize == 0 || otherSize == blockSize);
        return isAgreed && blocks > 0 && blockSize >= 512 && BitOperations.IsPow2(blockSize) ? (long)blocks * blockSize : null;
    }

    private static int FindPrimary(ReadOnlySpan<byte> head)
    {
        for (var at = FirstSector * SectorSize; at + SectorSize <= head.Length; at += SectorSize)
        {
            if (!head[(at + 1)..].StartsWith("CD001"u8) || head[at] == Terminator) return -1;
            if (head[at] == Primary) return at;
        }

        return -1;
    }
}
