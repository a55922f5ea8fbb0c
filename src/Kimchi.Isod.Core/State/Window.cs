namespace Kimchi.Isod.Core.State;

/// <summary>A run of bytes that is proven to be in the volume.</summary>
/// <param name="Start">Its first byte in the file.</param>
/// <param name="Length">Its length in bytes, at least 1.</param>
/// <param name="Digest">XXH3 (64 bits) of its bytes.</param>
public sealed record Window(long Start, long Length, ulong Digest)
{
    /// <summary>The first byte after it.</summary>
    public long End => Start + Length;

    /// <summary>Where it is in the image.</summary>
    public ImageRange Range => new(Start, End);
}
