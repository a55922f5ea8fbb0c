namespace Kimchi.Isod.Fixtures;

/// <summary>Files to serve and to compare.</summary>
public static class TestFiles
{
    private const int BlockSize = 1 << 20;

    /// <summary>Writes pseudo-random bytes, always the same ones for a seed.</summary>
    public static void WriteRandom(string path, long size, int seed)
    {
        var random = new Random(seed);
        var block = new byte[BlockSize];
        using var file = File.Create(path);
        for (var left = size; left > 0; left -= block.Length)
        {
            random.NextBytes(block);
            file.Write(block, 0, (int)Math.Min(left, block.Length));
        }
    }

    /// <summary>Writes a sparse file with a few bytes at each of some places.</summary>
    public static void WriteSparse(string path, long size, params long[] marks)
    {
        using var file = File.Create(path);
        file.SetLength(size);
        foreach (var mark in marks)
        {
            file.Position = mark;
            file.Write(BitConverter.GetBytes(mark + 0x0123_4567_89AB_CDEF));
        }
    }

    /// <summary>Makes a real ISO 9660 image with a file of so many bytes in it.</summary>
    /// <returns>The image's path.</returns>
    public static string MakeIso(string path, long payload)
    {
        using var content = new TemporaryDirectory("iso");
        WriteRandom(content["payload"], payload, seed: 2);
        ChildProcess.Run("xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-V", "KIMCHI_TEST", "-o", path, content.Path);
        return path;
    }

    /// <summary>Where two files differ first, or null when they are the same.</summary>
    public static long? FindDifference(string one, string other)
    {
        using var first = File.OpenRead(one);
        using var second = File.OpenRead(other);
        if (first.Length != second.Length) return Math.Min(first.Length, second.Length);
        var (block, otherBlock) = (new byte[BlockSize], new byte[BlockSize]);
        for (long at = 0; at < first.Length; at += BlockSize)
        {
            var count = first.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false);
            second.ReadExactly(otherBlock, 0, count);
            var same = block.AsSpan(0, count).CommonPrefixLength(otherBlock.AsSpan(0, count));
            if (same < count) return at + same;
        }

        return null;
    }
}
